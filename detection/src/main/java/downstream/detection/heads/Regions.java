package downstream.detection.heads;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Regions of a batch of images, all in one row.
 *
 * <p>Host data, an argument list rather than a value: the arrays are not copied.
 */
final class Regions {
  /** Corners in input pixels. */
  final float[] boxes;

  /** By region: which image of the batch it lies in. */
  final int[] image;

  Regions(float[] boxes, int[] image) {
    this.boxes = boxes;
    this.image = image;
  }

  /** The regions of every image, one image's after the other's. */
  static Regions of(List<float[]> byImage) {
    List<Integer> images = new ArrayList<>();
    float[] boxes = new float[byImage.stream().mapToInt(b -> b.length).sum()];
    int at = 0;
    for (int image = 0; image < byImage.size(); image++) {
      float[] part = byImage.get(image);
      System.arraycopy(part, 0, boxes, at, part.length);
      at += part.length;
      for (int i = 0; i < Corners.count(part); i++) {
        images.add(image);
      }
    }
    return new Regions(boxes, images.stream().mapToInt(Integer::intValue).toArray());
  }

  int size() {
    return image.length;
  }

  Regions take(int[] rows) {
    return new Regions(
        Corners.take(boxes, rows), Arrays.stream(rows).map(row -> image[row]).toArray());
  }
}
