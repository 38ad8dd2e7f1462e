package downstream.pretrain.monitor;

import downstream.eval.BadInput;
import downstream.eval.data.ImageRecord;
import downstream.eval.data.ImageSet;
import downstream.eval.data.annotation.Box;
import downstream.eval.data.image.Image;
import downstream.pretrain.views.ImageNetStatistics;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/**
 * A few images that are embedded at each evaluation point, the same throughout a training.
 *
 * @param images planes [3, S, S], normalised by {@link ImageNetStatistics}
 * @param labels the class of each; empty if it has none
 */
public record FeatureProbe(List<float[]> images, List<Long> labels) {
  private static final long SEED = 0;
  private static final double LEAST_SIDE = 8;

  public FeatureProbe {
    images = List.copyOf(images);
    labels = List.copyOf(labels);
    if (!labels.isEmpty() && labels.size() != images.size()) {
      throw new IllegalArgumentException(labels.size() + " labels of " + images.size() + " images");
    }
  }

  /**
   * Some images of a set: the square in the middle of each.
   *
   * @param count how many, or all there are
   * @param size S, pixels
   */
  public static FeatureProbe of(ImageSet set, int count, int size) {
    List<ImageRecord> drawn = drawn(set.images(), count);
    return new FeatureProbe(
        drawn.stream().map(image -> planes(middle(Image.read(image.file())), size)).toList(),
        List.of());
  }

  private static Image middle(Image image) {
    int side = Math.min(image.width(), image.height());
    return image.crop((image.width() - side) / 2, (image.height() - side) / 2, side, side);
  }

  /**
   * Some objects of a set, cut out by their boxes and labelled by their class. Crowds and boxes
   * with a side below 8 pixels are left out.
   *
   * @param count how many, or all there are
   * @param size S, pixels; boxes are brought to a square
   * @throws BadInput if there are fewer than two classes of objects
   */
  public static FeatureProbe ofBoxes(ImageSet set, int count, int size) {
    List<Item> items = new ArrayList<>();
    for (ImageRecord image : set.images()) {
      for (Box box : image.boxes()) {
        if (!box.crowd() && Math.min(box.width(), box.height()) >= LEAST_SIDE) {
          items.add(new Item(image, box));
        }
      }
    }
    List<Item> drawn = drawn(items, count);
    if (drawn.stream().map(item -> item.box().category()).distinct().count() < 2) {
      throw new BadInput(
          set.name(),
          "has boxes of fewer than two classes; the k-NN probe needs at least two",
          "Give --probe a data set with boxes of two or more classes, or leave --probe out");
    }
    return new FeatureProbe(
        drawn.stream().map(item -> planes(item.crop(), size)).toList(),
        drawn.stream().map(item -> item.box().category()).toList());
  }

  /** A draw that is always the same, in the order of the set. */
  private static <T> List<T> drawn(List<T> all, int count) {
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      order.add(i);
    }
    Collections.shuffle(order, new Random(SEED));
    return order.subList(0, Math.min(count, order.size())).stream()
        .sorted(Comparator.naturalOrder())
        .map(all::get)
        .toList();
  }

  private static float[] planes(Image image, int size) {
    return image.resize(size, size).planes(ImageNetStatistics.MEAN, ImageNetStatistics.STD);
  }

  private record Item(ImageRecord image, Box box) {
    Image crop() {
      int left = (int) Math.floor(box.x());
      int top = (int) Math.floor(box.y());
      int right = (int) Math.ceil(box.x() + box.width());
      int bottom = (int) Math.ceil(box.y() + box.height());
      return Image.read(image.file()).crop(left, top, right - left, bottom - top);
    }
  }
}
