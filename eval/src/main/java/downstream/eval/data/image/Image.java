package downstream.eval.data.image;

import downstream.eval.AtomicFile;
import downstream.eval.BadInput;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.opencv.global.opencv_imgproc;

/**
 * An image in host memory: 8-bit RGB, interleaved, rows from the top. It is not changed once made;
 * every operation gives a new one.
 */
public final class Image {
  /** The mean of ImageNet, rounded: what lies outside of an image, near 0 once normalised. */
  public static final int MEAN_GREY = 0x7C7468;

  private final int width;
  private final int height;
  private final byte[] rgb;

  private Image(int width, int height, byte[] rgb) {
    this.width = width;
    this.height = height;
    this.rgb = rgb;
  }

  /**
   * Reads an image file of any format OpenCV knows, told by its content and not its name; EXIF
   * orientation is applied, alpha dropped, grey made RGB, 16 bits made 8.
   *
   * @throws BadInput if there is no such file or it is not an image
   */
  public static Image read(Path file) {
    return decode(file, ImageFile.bytes(file));
  }

  public static Image decode(Path file, byte[] bytes) {
    Image image = OpenCv.decode(bytes);
    if (image == null) {
      throw ImageFile.notAnImage(file, bytes);
    }
    return image;
  }

  /**
   * An image of these bytes, not copied.
   *
   * @param rgb height · width · 3 values, row by row
   */
  public static Image of(int width, int height, byte[] rgb) {
    if (width < 1 || height < 1 || rgb.length != (long) width * height * 3) {
      throw new IllegalArgumentException(
          rgb.length + " bytes are not an RGB image of " + width + "×" + height);
    }
    return new Image(width, height, rgb);
  }

  /** A copy of an AWT image; alpha is dropped. */
  public static Image of(BufferedImage image) {
    int width = image.getWidth();
    int height = image.getHeight();
    int[] packed = image.getRGB(0, 0, width, height, null, 0, width);
    byte[] rgb = new byte[packed.length * 3];
    for (int i = 0; i < packed.length; i++) {
      put(rgb, i, packed[i]);
    }
    return new Image(width, height, rgb);
  }

  /** An image of one colour, 0xRRGGBB. */
  public static Image filled(int width, int height, int colour) {
    byte[] rgb = new byte[width * height * 3];
    for (int i = 0; i < width * height; i++) {
      put(rgb, i, colour);
    }
    return of(width, height, rgb);
  }

  /** Pixels across. */
  public int width() {
    return width;
  }

  /** Pixels down. */
  public int height() {
    return height;
  }

  /** The pixels themselves, height · width · 3, not a copy: do not write to it. */
  public byte[] rgb() {
    return rgb;
  }

  /** The colour at a place, 0xRRGGBB. */
  public int at(int x, int y) {
    int i = 3 * (y * width + x);
    return (rgb[i] & 0xFF) << 16 | (rgb[i + 1] & 0xFF) << 8 | (rgb[i + 2] & 0xFF);
  }

  /**
   * The image at another size: each side that shrinks by area averaging (no aliasing), each that
   * grows bilinearly.
   */
  public Image resize(int newWidth, int newHeight) {
    int lessWide = Math.min(width, newWidth);
    int lessHigh = Math.min(height, newHeight);
    return resize(lessWide, lessHigh, opencv_imgproc.INTER_AREA)
        .resize(newWidth, newHeight, opencv_imgproc.INTER_LINEAR);
  }

  private Image resize(int newWidth, int newHeight, int method) {
    return newWidth == width && newHeight == height
        ? this
        : OpenCv.resize(this, newWidth, newHeight, method);
  }

  /** {@link #crop(int, int, int, int, int)} with {@link #MEAN_GREY} outside. */
  public Image crop(int x, int y, int newWidth, int newHeight) {
    return crop(x, y, newWidth, newHeight, MEAN_GREY);
  }

  /** A window of the image; where it reaches outside, it has this colour (0xRRGGBB). */
  public Image crop(int x, int y, int newWidth, int newHeight, int outside) {
    Image target = filled(newWidth, newHeight, outside);
    int left = Math.max(0, x);
    int right = Math.min(width, x + newWidth);
    for (int row = Math.max(0, y); row < Math.min(height, y + newHeight) && left < right; row++) {
      System.arraycopy(
          rgb,
          3 * (row * width + left),
          target.rgb,
          3 * ((row - y) * newWidth + left - x),
          3 * (right - left));
    }
    return target;
  }

  /** The image mirrored left to right. */
  public Image flip() {
    byte[] target = new byte[rgb.length];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        System.arraycopy(rgb, 3 * (y * width + x), target, 3 * (y * width + width - 1 - x), 3);
      }
    }
    return new Image(width, height, target);
  }

  /**
   * The image as a network takes it.
   *
   * @param mean of R, G, B, in [0, 1]
   * @param std of R, G, B, in [0, 1]
   * @return 3 · height · width values, plane by plane: (v / 255 − mean) / std
   */
  public float[] planes(List<Double> mean, List<Double> std) {
    int area = width * height;
    float[] planes = new float[3 * area];
    for (int channel = 0; channel < 3; channel++) {
      float[] table = table(mean.get(channel), std.get(channel));
      for (int i = 0; i < area; i++) {
        planes[channel * area + i] = table[rgb[3 * i + channel] & 0xFF];
      }
    }
    return planes;
  }

  private static float[] table(double mean, double std) {
    float[] table = new float[256];
    for (int value = 0; value < 256; value++) {
      table[value] = (float) ((value / 255.0 - mean) / std);
    }
    return table;
  }

  /** The inverse of {@link #planes}: values are rounded, and clamped to 0…255. */
  public static Image ofPlanes(
      float[] planes, int width, int height, List<Double> mean, List<Double> std) {
    int area = width * height;
    if (planes.length != 3 * area) {
      throw new IllegalArgumentException(
          planes.length + " values are not 3 planes of " + width + "×" + height);
    }
    byte[] rgb = new byte[3 * area];
    for (int i = 0; i < rgb.length; i++) {
      int channel = i % 3;
      double value = planes[channel * area + i / 3] * std.get(channel) + mean.get(channel);
      rgb[i] = (byte) Math.round(255 * Math.min(1, Math.max(0, value)));
    }
    return of(width, height, rgb);
  }

  /** A copy for AWT, of type {@code TYPE_INT_RGB}. */
  public BufferedImage toBuffered() {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    int[] packed = new int[width * height];
    for (int i = 0; i < packed.length; i++) {
      packed[i] = at(i % width, i / width);
    }
    image.setRGB(0, 0, width, height, packed, 0, width);
    return image;
  }

  /** The image as an uncompressed PNG: the same bytes on every machine. */
  public byte[] storedPng() {
    return Png.stored(width, height, 3, rgb);
  }

  /**
   * Writes a PNG, whole or not at all.
   *
   * @throws BadInput if the folder cannot be written
   */
  public void writePng(Path file) {
    AtomicFile.write(file, Png.encode(width, height, 3, rgb));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Image that && width == that.width && Arrays.equals(rgb, that.rgb);
  }

  @Override
  public int hashCode() {
    return 31 * width + Arrays.hashCode(rgb);
  }

  @Override
  public String toString() {
    return "Image " + width + "×" + height;
  }

  private static void put(byte[] rgb, int pixel, int colour) {
    rgb[3 * pixel] = (byte) (colour >> 16);
    rgb[3 * pixel + 1] = (byte) (colour >> 8);
    rgb[3 * pixel + 2] = (byte) colour;
  }
}
