"""Tests of the launcher's own logic: its bash functions, called in a tree made for the test."""

import os
import re
import signal
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

LAUNCHER = Path(__file__).resolve().parent
PAST = 1_000_000_000
MAVEN_LOG = """\
[INFO] Reactor Build Order:
[INFO] Building Hoptoll model 0.1.0-SNAPSHOT                              [1/3]
[INFO] Tests run: 4, Failures: 0, Errors: 0, Skipped: 0, Time elapsed: 0.1 s -- in io.hoptoll.LedgerTest
[INFO] Tests run: 7, Failures: 0, Errors: 0, Skipped: 0
[INFO] Building als-receiver 0.1.0-SNAPSHOT                               [2/3]
[ERROR] Tests run: 5, Failures: 1, Errors: 1, Skipped: 2
[INFO] Building bpf 0.1.0-SNAPSHOT                                        [3/3]
[INFO] Reactor Summary for Hoptoll 0.1.0-SNAPSHOT:
"""


class LauncherCase(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.root = Path(directory.name)

    def command(self, script):
        sources = "".join(f"source '{LAUNCHER}/{part}.sh'; " for part in ("say", "rights", "java", "needs", "build", "tests", "kernels"))
        return ["bash", "-euo", "pipefail", "-c", f"root='{self.root}'; {sources}{script}"]

    def bash(self, script):
        return subprocess.run(self.command(script), text=True, capture_output=True, timeout=20)


class KernelsTest(LauncherCase):
    def newest(self, version):
        have = "kernel_releases() { printf '%s\\n' 5.10.0-46 6.1.0-0.deb11.52 6.1.0-56 6.12.117+deb12 7.3.4+deb13; }; "
        return self.bash(f"{have} newest_of {version}").stdout.strip()

    def test_the_newest_of_a_version_and_of_all(self):
        self.assertEqual("6.1.0-56", self.newest("6.1"))
        self.assertEqual("6.12.117+deb12", self.newest("6.12"))
        self.assertEqual("7.3.4+deb13", self.newest("newest"))
        self.assertEqual("", self.newest("4.19"))


class JvmOptionsTest(LauncherCase):
    def options(self, command, environment=""):
        return self.bash(f"{environment} jvm_options {command}").stdout.split()

    def test_the_agent_is_kept_small_and_the_bench_told_how(self):
        self.assertEqual([f"@{self.root}/launcher/agent.jvm"], self.options("io.hoptoll.app.cli.Hoptoll agent"))
        self.assertEqual(
            [f"-Dhoptoll.{process}.jvm={self.root}/launcher/{process}.jvm" for process in ("agent", "server")],
            self.options("io.hoptoll.bench.Bench overhead"),
        )
        self.assertIn("-XX:+UseSerialGC", self.options("io.hoptoll.app.cli.Hoptoll paths"))

    def test_the_server_has_its_options_whatever_collector_the_user_names(self):
        for command in ("io.hoptoll.app.cli.Hoptoll server", "io.hoptoll.demo.Demo"):
            for user in ("", "HOPTOLL_JAVA_OPTS=-XX:+UseG1GC"):
                self.assertEqual([f"@{self.root}/launcher/server.jvm"], self.options(command, user))

    def test_a_collector_that_the_user_names_is_the_only_one(self):
        for command in ("agent", "paths"):
            self.assertEqual([], self.options(f"io.hoptoll.app.cli.Hoptoll {command}", "HOPTOLL_JAVA_OPTS='-Xmx1g -XX:+UseG1GC'"))

    def values(self, process, *users):
        said = subprocess.run(
            ["java", f"@{LAUNCHER}/{process}.jvm", *users, "-XX:+PrintFlagsFinal", "-version"], text=True, capture_output=True, timeout=20
        )
        self.assertEqual(0, said.returncode, said.stderr)
        return dict(re.findall(r"(\w+) += (\w+)", said.stdout))

    def test_the_jvm_takes_the_servers_options(self):
        values = self.values("server")
        options = ("LoopOptsCount", "FreqInlineSize", "InlineSmallCode")
        self.assertEqual(["5", "100", "1200"], [values[option] for option in options])

    def test_the_jvm_takes_the_agents_options_and_the_users_win(self):
        values = self.values("agent", "-Xmx300m")
        self.assertEqual("true", values["UseSerialGC"])
        self.assertEqual(str(300 << 20), values["MaxHeapSize"])


class StalenessTest(LauncherCase):
    def setUp(self):
        super().setUp()
        target = "istio-samples/demo/target"
        self.source = self.write("model/src/main/java/Leg.java")
        for file in ("pom.xml", "docs/a.txt", "README.md", f"{target}/demo-0.1.0.jar", f"{target}/lib/a.jar"):
            self.write(file)
        for path in [self.root, *self.root.rglob("*")]:
            os.utime(path, (PAST, PAST))
        self.stamp = self.write(".hoptoll/built")
        os.utime(self.stamp, (PAST + 10, PAST + 10))

    def write(self, name):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("")
        return path

    def stale(self):
        done = self.bash("if build_is_stale; then echo stale; else echo fresh; fi")
        self.assertEqual("", done.stderr)
        return done.stdout.strip() == "stale"

    def test_untouched_tree_is_fresh(self):
        self.assertFalse(self.stale())

    def test_edited_source_is_stale(self):
        self.source.write_text("x")
        self.assertTrue(self.stale())

    def test_edited_pom_is_stale(self):
        self.write("pom.xml")
        self.assertTrue(self.stale())

    def test_removed_source_is_stale(self):
        self.source.unlink()
        self.assertTrue(self.stale())

    def test_docs_and_build_output_do_not_count(self):
        for name in ("docs/a.txt", "README.md", "model/target/x.class", ".git/index"):
            self.write(name)
        self.assertFalse(self.stale())

    def test_missing_jar_is_stale(self):
        (self.root / "istio-samples/demo/target/demo-0.1.0.jar").unlink()
        self.assertTrue(self.stale())

    def test_sources_jar_is_no_jar(self):
        self.write("istio-samples/demo/target/demo-0.1.0-sources.jar")
        self.assertTrue(self.bash("demo_jar").stdout.endswith("/demo-0.1.0.jar"))


class UnjudgedTest(LauncherCase):
    CLASSES = ("app/target/classes", "istio-samples/demo/target/test-classes", "app/target/maven-status")
    KEPT = ("app/target/lib", "app/src/classes", ".git/target/classes", "app/target/surefire-reports")

    def setUp(self):
        super().setUp()
        for name in (*self.CLASSES, *self.KEPT, ".hoptoll"):
            (self.root / name / "deep").mkdir(parents=True)
        (self.root / ".hoptoll/built").touch()

    def there(self, names):
        return [name for name in names if (self.root / name).exists()]

    def test_what_a_build_without_error_prone_left_is_compiled_again_once(self):
        self.bash("require_jdk_and_maven() { :; }; install_packages() { :; }; step() { false; }; build")
        self.assertEqual([".hoptoll/unjudged"], self.there([".hoptoll/unjudged"]))  # also where it failed midway
        done = self.bash("drop_unjudged")
        self.assertEqual((0, ""), (done.returncode, done.stderr))
        self.assertEqual([], self.there((*self.CLASSES, ".hoptoll/unjudged", ".hoptoll/built")))
        self.assertEqual(list(self.KEPT), self.there(self.KEPT))

    def test_judged_classes_stay(self):
        self.assertEqual(0, self.bash("drop_unjudged").returncode)
        self.assertEqual(list(self.CLASSES), self.there(self.CLASSES))
        self.assertTrue((self.root / ".hoptoll/built").exists())


class ProgressTest(LauncherCase):
    def test_one_line_a_module_with_its_own_counts(self):
        (self.root / "log").write_text(MAVEN_LOG)
        done = self.bash(f"true & wait $!; show_modules $! <'{self.root}/log'")
        self.assertEqual(
            [
                "[1/3] Hoptoll model: 7 tests, 0 failed, 0 skipped, 0 s",
                "[2/3] als-receiver: 5 tests, 2 failed, 2 skipped, 0 s",
                "[3/3] bpf: no tests, 0 s",
            ],
            done.stdout.splitlines(),
        )


class RightsTest(LauncherCase):
    """Capabilities as the JVM of a command would have them: bits of linux/capability.h."""

    AGENT = {"DAC_READ_SEARCH": 2, "SYS_PTRACE": 19, "SYSLOG": 34, "PERFMON": 38, "BPF": 39}
    SETS = ("CapEff", "CapBnd", "CapInh", "CapAmb", "NoNewPrivs")

    def capabilities(self, command, kernel="6.1.0-56-amd64", before=""):
        uname = f"uname() {{ echo {kernel}; }}; {before}"
        done = self.bash(f"{uname} with_rights_of {command} cat /proc/self/status")
        self.assertEqual("", done.stderr)
        return self.of(done.stdout)

    def of(self, status):
        lines = (line.split(":", 1) for line in status.splitlines())
        return {name: int(value, 16) for name, value in lines if name in self.SETS}

    @unittest.skipUnless(os.geteuid() == 0, "only root has what can be given up")
    def test_the_agent_keeps_what_it_needs_and_nothing_else(self):
        kept = sum(1 << bit for bit in self.AGENT.values())
        had = self.of(Path("/proc/self/status").read_text())["CapBnd"]  # a container's may be less than all
        has = self.capabilities("agent")
        self.assertEqual((had & kept, had & kept, 0, 0, 1), tuple(has[name] for name in self.SETS))
        self.assertEqual(had & (kept | 1 << 24), self.capabilities("agent", "5.10.0-46-amd64")["CapEff"])
        self.assertEqual(had & (kept | 1 << 10), self.capabilities("server")["CapEff"])
        for asked, more in (("on", 1 << 21), ("off", 0)):
            for command, own in (("server", 1 << 10), ("agent", 0)):
                reads_tls = self.capabilities(command, before=f"HOPTOLL_READ_TLS={asked}; ")
                self.assertEqual(had & (kept | own | more), reads_tls["CapEff"])

    def test_other_commands_keep_what_they_had(self):
        has = self.bash("with_rights_of demo cat /proc/self/status").stdout
        self.assertIn(next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("CapEff")), has)


class StepTest(LauncherCase):
    def test_failure_shows_the_log_and_keeps_the_status(self):
        done = self.bash("step building \"$root/log\" sh -c 'echo reason; exit 7'")
        self.assertEqual(7, done.returncode)
        self.assertIn("failed with status 7", done.stderr)
        self.assertIn("reason", done.stderr)

    def test_signal_ends_maven_and_the_launcher(self):
        for sent in (signal.SIGINT, signal.SIGTERM):
            with self.subTest(sent.name):
                pid_file = self.root / sent.name
                self.make_maven(f"echo $$ >{pid_file}.part; mv {pid_file}.part {pid_file}; exec sleep 60")
                running = self.start('PATH=$root:$PATH; step building "$root/log" maven package')
                self.wait_for(pid_file.exists)
                running.send_signal(sent)
                self.assertEqual(-sent, running.wait(timeout=10))
                self.assertFalse(Path(f"/proc/{pid_file.read_text().strip()}").exists())

    def make_maven(self, script):
        maven = self.root / "mvn"
        maven.write_text(f"#!/bin/sh\n{script}\n")
        maven.chmod(0o755)

    def start(self, script):
        # A parent that runs in the background ignores SIGINT, and bash cannot trap what it inherits so.
        return subprocess.Popen(
            self.command(script),
            stderr=subprocess.DEVNULL,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )

    def wait_for(self, condition):
        deadline = time.monotonic() + 10
        while not condition():
            self.assertLess(time.monotonic(), deadline, "the command did not start")
            time.sleep(0.01)


if __name__ == "__main__":
    unittest.main()
