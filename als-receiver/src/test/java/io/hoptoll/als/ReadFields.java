package io.hoptoll.als;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import io.envoyproxy.envoy.service.accesslog.v3.StreamAccessLogsMessage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Which fields Hoptoll reads, by the constants of {@link Tags}; and any message without the others.
 * The decoder does not look into a field it does not read, while the generated classes refuse a
 * message for what is wrong in there. With those fields taken out, by protobuf's own reader, the
 * two must agree on every input.
 */
final class ReadFields {
  /** Read by the generated classes, so kept as they are. */
  private static final Set<String> WHOLE = Set.of("metadata", "user_agent_build_version");

  private static final Map<String, Descriptor> MESSAGES = new LinkedHashMap<>();
  private static final Map<FieldDescriptor, Boolean> READ = new ConcurrentHashMap<>();
  private static final Map<String, Optional<Class<?>>> TAGS = new ConcurrentHashMap<>();

  static {
    collect(StreamAccessLogsMessage.getDescriptor());
  }

  private ReadFields() {}

  /** All message types below StreamAccessLogsMessage that fields which are read lead to. */
  static Collection<Descriptor> messages() {
    return MESSAGES.values();
  }

  static @Nullable Class<?> tagsOf(Descriptor message) {
    return TAGS.computeIfAbsent(message.getFullName(), name -> find(message)).orElse(null);
  }

  private static Optional<Class<?>> find(Descriptor message) {
    String name =
        message.getFullName().equals("google.protobuf.Timestamp")
            ? "Duration"
            : message.getOptions().getMapEntry() ? "MapEntry" : message.getName();
    for (Class<?> tags : Tags.class.getDeclaredClasses()) {
      if (tags.getSimpleName().equals(name)) {
        return Optional.of(tags);
      }
    }
    return Optional.empty();
  }

  /**
   * The message without fields that are not read.
   *
   * @param first with the identifier, as in a stream's first message
   */
  static byte[] only(byte[] message, boolean first) throws IOException {
    return only(
        CodedInputStream.newInstance(message), StreamAccessLogsMessage.getDescriptor(), 0, first);
  }

  private static byte[] only(CodedInputStream in, Descriptor type, int depth, boolean first)
      throws IOException {
    ByteArrayOutputStream kept = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(kept);
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      FieldDescriptor field = type.findFieldByNumber(tag >>> 3);
      if (field != null
          && isRead(field)
          && field.getLiteType().getWireType() == (tag & 7)
          && (first || depth > 0 || !field.getName().equals("identifier"))) {
        copy(in, field, depth, out);
      } else {
        in.setRecursionLimit(100 - depth);
        if (!UnknownFieldSet.newBuilder().mergeFieldFrom(tag, in)) {
          throw new InvalidProtocolBufferException("end of a group");
        }
      }
    }
    if (depth > 0 && in.getBytesUntilLimit() != 0) {
      throw new InvalidProtocolBufferException("truncated");
    }
    out.flush();
    return kept.toByteArray();
  }

  private static void copy(
      CodedInputStream in, FieldDescriptor field, int depth, CodedOutputStream out)
      throws IOException {
    if (field.getJavaType() != FieldDescriptor.JavaType.MESSAGE) {
      if (field.getType() == FieldDescriptor.Type.STRING) {
        out.writeByteArray(field.getNumber(), in.readByteArray());
      } else {
        out.writeUInt64(field.getNumber(), in.readRawVarint64());
      }
    } else if (WHOLE.contains(field.getName())) {
      out.writeByteArray(field.getNumber(), in.readByteArray());
    } else if (tagsOf(field.getMessageType()) == null) {
      in.readByteArray();
      out.writeByteArray(field.getNumber(), new byte[0]); // that it occurs is all that counts
    } else {
      int outer = in.pushLimit(in.readRawVarint32());
      out.writeByteArray(field.getNumber(), only(in, field.getMessageType(), depth + 1, true));
      in.popLimit(outer);
    }
  }

  private static boolean isRead(FieldDescriptor field) {
    return READ.computeIfAbsent(field, ReadFields::hasTag);
  }

  private static boolean hasTag(FieldDescriptor field) {
    Descriptor owner = field.getContainingType();
    Class<?> tags = tagsOf(owner);
    if (tags == null) {
      return false;
    }
    if (owner.getName().equals("ResponseFlags")) {
      return true; // bools by number
    }
    String constant = field.getName().toUpperCase(Locale.ROOT);
    for (java.lang.reflect.Field tag : tags.getDeclaredFields()) {
      if (tag.getName().equals(constant)) {
        return true;
      }
    }
    return false;
  }

  private static void collect(Descriptor message) {
    if (MESSAGES.putIfAbsent(message.getFullName(), message) != null) {
      return;
    }
    for (FieldDescriptor field : message.getFields()) {
      if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE && isRead(field)) {
        collect(field.getMessageType());
      }
    }
  }
}
