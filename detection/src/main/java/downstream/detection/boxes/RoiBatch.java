package downstream.detection.boxes;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Regions of a batch of images, all in one row.
 *
 * <p>Host data, an argument list rather than a value: the arrays are not copied.
 */
public final class RoiBatch {
  /** Corners in input pixels. */
  public final float[] boxes;

  /** Index of the image in the batch, by region. */
  public final int[] image;

  public RoiBatch(float[] boxes, int[] image) {
    this.boxes = boxes;
    this.image = image;
  }

  /** The regions of every image, one image's after the other's. */
  public static RoiBatch of(List<float[]> byImage) {
    List<Integer> images = new ArrayList<>();
    float[] boxes = new float[byImage.stream().mapToInt(b -> b.length).sum()];
    int at = 0;
    for (int image = 0; image < byImage.size(); image++) {
      float[] part = byImage.get(image);
      System.arraycopy(part, 0, boxes, at, part.length);
      at += part.length;
      for (int i = 0; i < Boxes.count(part); i++) {
        images.add(image);
      }
    }
    return new RoiBatch(boxes, images.stream().mapToInt(Integer::intValue).toArray());
  }

  public int size() {
    return image.length;
  }

  public RoiBatch take(int[] rows) {
    return new RoiBatch(
        Boxes.take(boxes, rows), Arrays.stream(rows).map(row -> image[row]).toArray());
  }
}
