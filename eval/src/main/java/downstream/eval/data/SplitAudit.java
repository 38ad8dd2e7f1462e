package downstream.eval.data;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import downstream.eval.data.annotation.Box;
import downstream.eval.data.annotation.Category;
import downstream.eval.data.image.LabelMap;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Counts of one split.
 *
 * @param images how many
 * @param withoutBoxes images that have no box
 * @param boxesByCategory by name, in order of id, 0 included
 * @param boxesBySize by the side of a square of the same area, in pixels
 * @param pixelsByLabel by name, in order of value, 0 included; {@code (ignored)} last
 */
@JsonNaming(SnakeCaseStrategy.class)
public record SplitAudit(
    String name,
    int images,
    int withoutBoxes,
    int boxes,
    Map<String, Long> boxesByCategory,
    Map<String, Long> boxesBySize,
    Map<String, Long> pixelsByLabel) {
  private static final String IGNORED = "(ignored)";

  public SplitAudit {
    boxesByCategory = Collections.unmodifiableMap(new LinkedHashMap<>(boxesByCategory));
    boxesBySize = Collections.unmodifiableMap(new LinkedHashMap<>(boxesBySize));
    pixelsByLabel = Collections.unmodifiableMap(new LinkedHashMap<>(pixelsByLabel));
  }

  static SplitAudit of(
      Split split, List<Category> categories, List<Category> labels, Set<Integer> ignore) {
    List<Box> boxes = split.images().stream().flatMap(p -> p.boxes().stream()).toList();
    Map<Long, String> names = new LinkedHashMap<>();
    categories.forEach(category -> names.put(category.id(), category.name()));
    Map<String, Long> byCategory = zeros(List.copyOf(names.values()));
    Map<String, Long> bySize = zeros(boxes.isEmpty() ? List.of() : Audit.SIZES);
    for (Box box : boxes) {
      byCategory.merge(names.getOrDefault(box.category(), "?"), 1L, Long::sum);
      bySize.merge(Audit.size(box.area()), 1L, Long::sum);
    }
    long empty = split.images().stream().filter(image -> image.boxes().isEmpty()).count();
    return new SplitAudit(
        split.name(),
        split.images().size(),
        (int) empty,
        boxes.size(),
        byCategory,
        bySize,
        pixels(split, labels, ignore));
  }

  private static Map<String, Long> pixels(Split split, List<Category> labels, Set<Integer> ignore) {
    Map<String, Long> pixels = zeros(labels.stream().map(Category::name).toList());
    byte[] table = LabelMap.table(ignore);
    for (FileCheck inspection : split.checks()) {
      for (int value = 0; value < inspection.pixels().size(); value++) {
        int label = table[value] & 0xFF;
        long count = inspection.pixels().get(value);
        if (count > 0) {
          String name = label == LabelMap.IGNORE ? IGNORED : labels.get(label).name();
          pixels.merge(name, count, Long::sum);
        }
      }
    }
    return pixels;
  }

  private static Map<String, Long> zeros(List<String> names) {
    Map<String, Long> zeros = new LinkedHashMap<>();
    names.forEach(name -> zeros.put(name, 0L));
    return zeros;
  }
}
