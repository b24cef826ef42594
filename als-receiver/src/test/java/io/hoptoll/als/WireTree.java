package io.hoptoll.als;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A message as its fields in the order of the wire, so that a mutation somewhere inside leaves all
 * lengths around it right. Writes what no proper encoder would: numbers longer than need be,
 * lengths that lie.
 */
final class WireTree {
  /** One field as it will be written; where {@code children} is set they are its content. */
  static final class Node {
    int number;
    int wireType;
    byte[] content;
    @Nullable List<Node> children;

    /** Bytes more than needed for its tag and length, and what is added to the true length. */
    int padding;

    long lengthLie;

    Node(int number, int wireType, byte[] content, @Nullable List<Node> children) {
      this.number = number;
      this.wireType = wireType;
      this.content = content;
      this.children = children;
    }

    Node copy() {
      List<Node> same = children;
      List<Node> copies = null;
      if (same != null) {
        copies = new ArrayList<>();
        for (Node child : same) {
          copies.add(child.copy());
        }
      }
      Node copy = new Node(number, wireType, content, copies);
      copy.padding = padding;
      copy.lengthLie = lengthLie;
      return copy;
    }
  }

  private WireTree() {}

  static List<Node> parse(byte[] message, Descriptor type) throws IOException {
    CodedInputStream in = CodedInputStream.newInstance(message);
    List<Node> nodes = new ArrayList<>();
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      FieldDescriptor field = type.findFieldByNumber(tag >>> 3);
      int from = in.getTotalBytesRead();
      byte[] content = {};
      List<Node> children = null;
      if ((tag & 7) == Tags.LEN) {
        content = in.readByteArray();
        if (field != null && field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
          children = parse(content, field.getMessageType());
        }
      } else {
        in.skipField(tag);
        content = java.util.Arrays.copyOfRange(message, from, in.getTotalBytesRead());
      }
      nodes.add(new Node(tag >>> 3, tag & 7, content, children));
    }
    return nodes;
  }

  static byte[] write(List<Node> nodes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (Node node : nodes) {
      varint(out, Integer.toUnsignedLong(node.number << 3 | node.wireType), node.padding);
      byte[] content = node.children == null ? node.content : write(node.children);
      if (node.wireType == Tags.LEN) {
        varint(out, content.length + node.lengthLie, node.padding);
      }
      out.writeBytes(content);
    }
    return out.toByteArray();
  }

  /** {@code padding} more bytes than needed, up to nine: of ten, protobuf-java minds only some. */
  static void varint(ByteArrayOutputStream out, long value, int padding) {
    int length = 1;
    for (long rest = value >>> 7; rest != 0; rest >>>= 7) {
      length++;
    }
    length = Math.max(length, Math.min(9, length + padding));
    long rest = value;
    for (int i = 0; i < length; i++, rest >>>= 7) {
      out.write((int) (rest & 0x7F) | (i < length - 1 ? 0x80 : 0));
    }
  }
}
