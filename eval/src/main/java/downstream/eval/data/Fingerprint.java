package downstream.eval.data;

import com.fasterxml.jackson.databind.JsonNode;
import downstream.eval.Digest;
import downstream.eval.data.annotation.Box;
import downstream.eval.data.annotation.Category;
import java.util.List;
import java.util.Set;

/**
 * Digest over all that an image set holds: classes, ignored values, names and bytes of images and
 * label maps, boxes. The files' folder does not matter, nor does the order of keys in their
 * annotations. Numbers enter by their bits, since decimal text differs from one Java version to
 * another.
 */
final class Fingerprint {
  private static final int FRACTION_DIGITS = 13;
  private static final long FRACTION = (1L << (4 * FRACTION_DIGITS)) - 1;

  private final Digest digest = new Digest();

  private Fingerprint() {}

  static String of(
      Split split, List<Category> categories, List<Category> labels, Set<Integer> ignore) {
    Fingerprint fingerprint = new Fingerprint();
    fingerprint.digest.add("image set, version 1");
    fingerprint.add(categories);
    fingerprint.add(labels);
    fingerprint.digest.add(ignore.stream().sorted().toList().toString());
    for (int i = 0; i < split.images().size(); i++) {
      fingerprint.add(split.images().get(i), split.checks().get(i));
    }
    return fingerprint.digest.hex();
  }

  private void add(List<Category> categories) {
    digest.add("categories " + categories.size());
    categories.forEach(category -> digest.add(category.id() + " " + category.name()));
  }

  private void add(ImageRecord image, FileCheck inspection) {
    digest.add(image.id() + " " + image.name());
    digest.add(inspection.image()).add(inspection.labels());
    digest.add("boxes " + image.boxes().size());
    image.boxes().forEach(this::add);
  }

  private void add(Box box) {
    digest.add(box.id() + " " + box.category() + " " + box.crowd() + " " + box.difficult());
    add(box.x());
    add(box.y());
    add(box.width());
    add(box.height());
    add(box.area());
    box.segmentation().ifPresent(this::add);
  }

  private void add(JsonNode node) {
    if (node.isContainerNode()) {
      digest.add(node.getNodeType() + " " + node.size());
      node.properties().stream()
          .sorted(java.util.Map.Entry.comparingByKey())
          .forEach(
              entry -> {
                digest.add(entry.getKey());
                add(entry.getValue());
              });
      if (node.isArray()) {
        node.forEach(this::add);
      }
    } else if (node.isNumber()) {
      add(node.asDouble());
    } else {
      digest.add(node.asText());
    }
  }

  private void add(double value) {
    digest.add(hexadecimal(value));
  }

  /**
   * Text as {@link Double#toHexString} gives, which takes several times as long: polygons have
   * millions of numbers.
   */
  static String hexadecimal(double value) {
    int exponent = Math.getExponent(value);
    if (exponent > Double.MAX_EXPONENT || exponent < Double.MIN_EXPONENT) {
      return Double.toHexString(value);
    }
    long fraction = Double.doubleToLongBits(value) & FRACTION;
    int digits = Math.max(1, FRACTION_DIGITS - Long.numberOfTrailingZeros(fraction) / 4);
    StringBuilder text = new StringBuilder(value < 0 ? "-0x1." : "0x1.");
    for (int i = 1; i <= digits; i++) {
      int digit = (int) (fraction >> (4 * (FRACTION_DIGITS - i))) & 0xF;
      text.append(Character.forDigit(digit, 16));
    }
    return text.append('p').append(exponent).toString();
  }
}
