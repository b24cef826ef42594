package io.hoptoll.tests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import org.openqa.selenium.By;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebDriverException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** Debian's Chromium, as a user has it in hand. */
final class Browser implements AutoCloseable {
  private static final long TALLEST = 3_000;
  private static final Duration SOON = Duration.ofSeconds(15);

  /** Screenshots to look at; {@code docs/} has copies of some. */
  private static final Path SHOTS = Path.of("target", "page");

  private final ChromeDriver driver;
  private final String base;

  /** Aborts the test where Chromium is missing. */
  Browser(String base) {
    this.base = base;
    ChromeOptions options = new ChromeOptions();
    options.setBinary(Programs.find("chromium").toFile());
    options.addArguments("--headless=new", "--no-sandbox", "--disable-dev-shm-usage");
    LoggingPreferences logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.WARNING);
    options.setCapability(ChromeOptions.LOGGING_PREFS, logs);
    ChromeDriverService service =
        new ChromeDriverService.Builder()
            .usingDriverExecutable(Programs.find("chromedriver").toFile())
            .build();
    driver = new ChromeDriver(service, options);
  }

  /** A screen of this width, light or dark. */
  void screen(int width, String scheme) {
    driver.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", 900, "deviceScaleFactor", 1, "mobile", false));
    driver.executeCdpCommand(
        "Emulation.setEmulatedMedia",
        Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
  }

  /** Opens a view from scratch, as a link that somebody sent does. */
  void open(String link) {
    driver.get("about:blank");
    driver.get(base + "/" + link);
  }

  /** The first element that is there, soon. */
  WebElement find(String css) {
    Eventually.isTrue(
        SOON,
        () -> !driver.findElements(By.cssSelector(css)).isEmpty(),
        () -> css + " is not there: " + text());
    return driver.findElement(By.cssSelector(css));
  }

  int count(String css) {
    return driver.findElements(By.cssSelector(css)).size();
  }

  /** Clicks; again where a redraw replaced the element meanwhile. */
  void click(String css) {
    Eventually.isTrue(
        SOON,
        () -> {
          try {
            driver.findElement(By.cssSelector(css)).click();
            return true;
          } catch (WebDriverException e) {
            return false;
          }
        },
        () -> css + " cannot be clicked: " + text());
  }

  /** One of these, soon. */
  void shows(String... words) {
    Eventually.isTrue(
        SOON,
        () -> Arrays.stream(words).anyMatch(text()::contains),
        () -> String.join(", ", words) + ": not in " + text());
  }

  String text() {
    return String.valueOf(script("return document.body.innerText"));
  }

  Object script(String js) {
    return driver.executeScript(js);
  }

  String address() {
    return driver.getCurrentUrl();
  }

  /** What the page complained of since the last call: errors, and anything its policy blocked. */
  List<String> complaints() {
    return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
        .map(LogEntry::getMessage)
        .toList();
  }

  /** The whole page, not only what a screen shows of it. */
  void shoot(String name, int width) throws IOException {
    long height = (Long) script("return document.documentElement.scrollHeight");
    driver.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of(
            "width",
            width,
            "height",
            Math.min(height, TALLEST),
            "deviceScaleFactor",
            1,
            "mobile",
            false));
    Files.createDirectories(SHOTS);
    Files.write(SHOTS.resolve(name + ".png"), driver.getScreenshotAs(OutputType.BYTES));
  }

  @Override
  public void close() {
    driver.quit();
  }
}
