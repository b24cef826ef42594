package io.hoptoll.als;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import java.lang.reflect.Field;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Every tag against the published protos, as the generated classes carry them. */
class TagsTest {
  @Test
  void everyTagIsThatOfTheFieldItIsNamedAfter() throws Exception {
    Set<String> checked = new HashSet<>();
    for (Descriptor message : ReadFields.messages()) {
      Class<?> tags = ReadFields.tagsOf(message);
      if (tags == null) {
        continue;
      }
      checked.add(tags.getSimpleName());
      for (Field constant : tags.getDeclaredFields()) {
        FieldDescriptor field =
            message.findFieldByName(constant.getName().toLowerCase(Locale.ROOT));
        assertNotNull(field, message.getFullName() + " has no field " + constant.getName());
        int tag = field.getNumber() << 3 | field.getLiteType().getWireType();
        assertEquals(tag, constant.getInt(null), field.getFullName());
      }
    }
    for (Class<?> tags : Tags.class.getDeclaredClasses()) {
      assertTrue(checked.contains(tags.getSimpleName()), tags + " is no message that is read");
    }
  }
}
