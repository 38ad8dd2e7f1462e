package downstream.eval.data;

import com.fasterxml.jackson.databind.JsonNode;
import downstream.eval.Digest;
import downstream.eval.data.annotation.Box;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Digest over an image's label map and boxes alone. The ids of boxes do not enter: where they are
 * numbered through, one more moves those of all other images. Numbers enter by their bits: a data
 * set has tens of millions of them, and text would take minutes.
 */
final class LabelsDigest {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final DataOutputStream out = new DataOutputStream(bytes);

  private LabelsDigest() {}

  static String of(ImageRecord image, FileCheck inspection) {
    LabelsDigest digest = new LabelsDigest();
    try {
      digest.add(inspection.labels());
      for (Box box : image.boxes()) {
        digest.add(box);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("memory cannot be written", e);
    }
    return Digest.of(digest.bytes.toByteArray());
  }

  private void add(Box box) throws IOException {
    out.writeLong(box.category());
    out.writeBoolean(box.crowd());
    out.writeBoolean(box.difficult());
    out.writeDouble(box.x());
    out.writeDouble(box.y());
    out.writeDouble(box.width());
    out.writeDouble(box.height());
    out.writeDouble(box.area());
    out.writeBoolean(box.segmentation().isPresent());
    if (box.segmentation().isPresent()) {
      add(box.segmentation().get());
    }
  }

  /** Keys in order of their names: what a file's writer makes of them does not matter. */
  private void add(JsonNode node) throws IOException {
    if (node.isNumber()) {
      out.writeByte('n');
      out.writeDouble(node.asDouble());
    } else if (node.isArray()) {
      out.writeByte('a');
      out.writeInt(node.size());
      for (JsonNode element : node) {
        add(element);
      }
    } else if (node.isObject()) {
      out.writeByte('o');
      out.writeInt(node.size());
      for (var entry : node.properties().stream().sorted(Map.Entry.comparingByKey()).toList()) {
        add(entry.getKey());
        add(entry.getValue());
      }
    } else {
      out.writeByte('t');
      add(node.asText());
    }
  }

  private void add(String text) throws IOException {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(utf8.length);
    out.write(utf8);
  }
}
