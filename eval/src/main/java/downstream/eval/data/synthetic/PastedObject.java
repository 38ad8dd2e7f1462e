package downstream.eval.data.synthetic;

import downstream.eval.data.image.CutOut;
import downstream.eval.data.image.Image;

/**
 * A cut-out at a size and a place of a scene. Opacity and colour of a pixel are the mean of n × n
 * bilinear samples, n as large as the cut-out is shrunk; all arithmetic is IEEE or {@link
 * StrictMath}.
 */
final class PastedObject {
  private static final double OPAQUE = .5;

  private final CutOut source;
  private final PastedShape shape;
  private final int category;
  private final boolean mirrored;
  private final int left;
  private final int top;
  private final int width;
  private final int height;
  private final double[] opacity;
  private final double[] colours;

  /**
   * @param category class value, from 1
   * @param shape what of the cut-out is pasted, and how its edge is
   * @param place left, top, width and height in pixels of the scene; may reach beyond its border
   */
  PastedObject(CutOut source, int category, PastedShape shape, boolean mirrored, int[] place) {
    this.source = source;
    this.category = category;
    this.shape = shape;
    this.mirrored = mirrored;
    left = place[0];
    top = place[1];
    width = place[2];
    height = place[3];
    opacity = new double[width * height];
    colours = new double[3 * opacity.length];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        sample(x, y);
      }
    }
  }

  private void sample(int x, int y) {
    int pixel = y * width + x;
    Image image = source.image();
    int across = Math.max(1, (image.width() + width - 1) / width);
    int down = Math.max(1, (image.height() + height - 1) / height);
    double[] sum = new double[4];
    for (int j = 0; j < down; j++) {
      for (int i = 0; i < across; i++) {
        double u = (x + (i + .5) / across) / width;
        double v = (y + (j + .5) / down) / height;
        Sampling.add(source, mirrored ? 1 - u : u, v, sum);
      }
    }
    double cover = sum[3];
    double alpha = cover / (across * down);
    opacity[pixel] = shape.opacity(alpha, x + .5, y + .5, width, height);
    for (int channel = 0; channel < 3; channel++) {
      colours[3 * pixel + channel] = cover > 0 ? sum[channel] / cover : 0;
    }
  }

  int category() {
    return category;
  }

  /** The longer side in pixels. */
  int side() {
    return Math.max(width, height);
  }

  /** Number of pixels that it covers, those beyond the border included. */
  int area() {
    int area = 0;
    for (double value : opacity) {
      area += value >= OPAQUE ? 1 : 0;
    }
    return area;
  }

  /** Mixes it over a scene: 3 values a pixel, 0 to 255. */
  void paint(double[] canvas, int size) {
    for (int y = Math.max(0, top); y < Math.min(size, top + height); y++) {
      for (int x = Math.max(0, left); x < Math.min(size, left + width); x++) {
        int own = (y - top) * width + x - left;
        for (int channel = 0; channel < 3; channel++) {
          int at = 3 * (y * size + x) + channel;
          canvas[at] += opacity[own] * (colours[3 * own + channel] - canvas[at]);
        }
      }
    }
  }

  /** Writes a number to the pixels that it covers. */
  void mark(int[] owners, int size, int number) {
    for (int y = Math.max(0, top); y < Math.min(size, top + height); y++) {
      for (int x = Math.max(0, left); x < Math.min(size, left + width); x++) {
        if (opacity[(y - top) * width + x - left] >= OPAQUE) {
          owners[y * size + x] = number;
        }
      }
    }
  }
}
