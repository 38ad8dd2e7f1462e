package downstream.eval.data;

import downstream.eval.Digest;
import downstream.eval.data.annotation.Category;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/**
 * One split of a data set, ready to use. It may carry boxes, label maps or both, and each kind has
 * classes of its own:
 *
 * <ul>
 *   <li>{@link #categories} are what boxes are of; {@code Box#category} holds their ids, which are
 *       the file's own (1, 2, 3 or 1, 2, 44, 90): a detector maps them to 0…K−1 by position. There
 *       is no background among them.
 *   <li>{@link #labels} are what pixels are of: the class at position v has id v and is the value v
 *       of LabelMap.read(file, ignore), 0…C−1. A background that is labelled is one of them,
 *       usually the first.
 * </ul>
 *
 * @param name as the board shows it: {@code camvid/day}
 * @param categories classes of boxes, in ascending order of id; empty if there are no boxes
 * @param labels classes of pixels, ids 0…C−1 in order; empty if there are no label maps
 * @param images in ascending order of id
 * @param ignore label-map values that belong to no class; {@code LabelMap#read} turns them into 255
 * @param fingerprint digest over names, image bytes, annotations, classes and ignored values: 64
 *     hexadecimal digits
 * @param warnings what was corrected or left out while reading, one sentence each, naming the file
 * @param inventory of the whole split, of which this may be a part; empty if no split was read
 */
public record ImageSet(
    String name,
    List<Category> categories,
    List<Category> labels,
    List<ImageRecord> images,
    Set<Integer> ignore,
    String fingerprint,
    List<String> warnings,
    Optional<Inventory> inventory) {
  public ImageSet {
    categories = List.copyOf(categories);
    labels = List.copyOf(labels);
    images = List.copyOf(images);
    ignore = Set.copyOf(ignore);
    warnings = List.copyOf(warnings);
    for (int value = 0; value < labels.size(); value++) {
      if (labels.get(value).id() != value) {
        throw new IllegalArgumentException("label " + labels.get(value) + " is not id " + value);
      }
    }
  }

  /** A set that is no split of a data file. */
  public ImageSet(
      String name,
      List<Category> categories,
      List<Category> labels,
      List<ImageRecord> images,
      Set<Integer> ignore,
      String fingerprint,
      List<String> warnings) {
    this(name, categories, labels, images, ignore, fingerprint, warnings, Optional.empty());
  }

  /**
   * A part of the set, drawn without replacement; the order of the images stays. With the same seed
   * a smaller part lies within a larger one.
   *
   * @param fraction of the images, above 0 and up to 1; at least one image is drawn
   * @return this set itself for a fraction of 1
   */
  public ImageSet sample(double fraction, long seed) {
    if (!(fraction > 0 && fraction <= 1)) {
      throw new IllegalArgumentException("a fraction of " + fraction + " is not in (0, 1]");
    }
    int count = (int) Math.max(1, Math.round(fraction * images.size()));
    if (count >= images.size()) {
      return this;
    }
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < images.size(); i++) {
      order.add(i);
    }
    Collections.shuffle(order, new Random(seed));
    List<ImageRecord> drawn = order.subList(0, count).stream().sorted().map(images::get).toList();
    Digest digest = new Digest().add(fingerprint).add("sample");
    drawn.forEach(image -> digest.add(image.name()));
    return new ImageSet(name, categories, labels, drawn, ignore, digest.hex(), warnings, inventory);
  }
}
