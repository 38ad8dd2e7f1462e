package downstream.eval.data;

import java.util.List;
import java.util.Set;

/**
 * One split of a data set, ready to use.
 *
 * @param name as the board shows it: {@code camvid/day}
 * @param categories in ascending order of id; empty for unlabelled images
 * @param pictures in ascending order of id
 * @param ignore label-map values that belong to no class; {@link LabelMap#read} turns them into 255
 * @param fingerprint digest over names, image bytes, annotations, classes and ignored values: 64
 *     hexadecimal digits
 * @param warnings what was mended or left out while reading, one sentence each, naming the file
 */
public record ImageSet(
    String name,
    List<Category> categories,
    List<Picture> pictures,
    Set<Integer> ignore,
    String fingerprint,
    List<String> warnings) {
  public ImageSet {
    categories = List.copyOf(categories);
    pictures = List.copyOf(pictures);
    ignore = Set.copyOf(ignore);
    warnings = List.copyOf(warnings);
  }
}
