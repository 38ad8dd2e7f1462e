package downstream.eval.data.image;

import downstream.eval.AtomicFile;
import downstream.eval.BadInput;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;

/**
 * A class per pixel, rows from the top: 0 to C−1, and {@link #IGNORE} where there is none. It is
 * not changed once made.
 */
public final class LabelMap {
  /** The value of pixels that belong to no class: neither trained on nor scored. */
  public static final int IGNORE = 255;

  private final int width;
  private final int height;
  private final byte[] values;

  private LabelMap(int width, int height, byte[] values) {
    this.width = width;
    this.height = height;
    this.values = values;
  }

  /**
   * Reads a PNG of class values: grey or palette, 8 bits or less; of a palette the index counts,
   * the colours do not. Ignored values become {@link #IGNORE}, and the values above an ignored one
   * move down to close the gap, so that classes are 0 to C−1 whatever was taken out.
   *
   * @param ignore values in the file that belong to no class, besides 255
   * @throws BadInput if there is no such file, or it is RGB, has 16 bits or is no PNG
   */
  public static LabelMap read(Path file, Set<Integer> ignore) {
    return decode(file, ImageFile.bytes(file), ignore);
  }

  /**
   * {@link #read} for a PNG that is in memory.
   *
   * @param where names its origin in errors
   */
  public static LabelMap decode(Object where, byte[] png, Set<Integer> ignore) {
    return LabelPng.decode(where, png).classes(ignore);
  }

  /** Converts this map of file values to classes; nobody else may hold the map. */
  LabelMap classes(Set<Integer> ignore) {
    if (ignore.stream().anyMatch(value -> value != IGNORE)) {
      byte[] table = table(ignore);
      for (int i = 0; i < values.length; i++) {
        values[i] = table[values[i] & 0xFF];
      }
    }
    return this;
  }

  /** File value to class value. */
  public static byte[] table(Set<Integer> ignore) {
    byte[] table = new byte[256];
    int next = 0;
    for (int value = 0; value < 256; value++) {
      boolean none = value == IGNORE || ignore.contains(value);
      table[value] = (byte) (none ? IGNORE : next++);
    }
    return table;
  }

  /**
   * A label map of these values, not copied.
   *
   * @param values height · width values, row by row
   */
  public static LabelMap of(int width, int height, byte[] values) {
    if (width < 1 || height < 1 || values.length != (long) width * height) {
      throw new IllegalArgumentException(
          values.length + " values are not a label map of " + width + "×" + height);
    }
    return new LabelMap(width, height, values);
  }

  /** Pixels across. */
  public int width() {
    return width;
  }

  /** Pixels down. */
  public int height() {
    return height;
  }

  /** The values themselves, height · width, unsigned, not a copy: do not write to it. */
  public byte[] values() {
    return values;
  }

  /** The value at a place, 0 to 255. */
  public int at(int x, int y) {
    return values[y * width + x] & 0xFF;
  }

  /** The map at another size: each pixel takes the value under its centre. */
  public LabelMap resizeNearest(int newWidth, int newHeight) {
    byte[] target = new byte[newWidth * newHeight];
    for (int y = 0; y < newHeight; y++) {
      int row = width * (int) ((2L * y + 1) * height / (2L * newHeight));
      for (int x = 0; x < newWidth; x++) {
        target[y * newWidth + x] = values[row + (int) ((2L * x + 1) * width / (2L * newWidth))];
      }
    }
    return of(newWidth, newHeight, target);
  }

  /** A window of the map; where it reaches outside it holds {@link #IGNORE}. */
  public LabelMap crop(int x, int y, int newWidth, int newHeight) {
    byte[] target = new byte[newWidth * newHeight];
    Arrays.fill(target, (byte) IGNORE);
    int left = Math.max(0, x);
    int right = Math.min(width, x + newWidth);
    for (int row = Math.max(0, y); row < Math.min(height, y + newHeight) && left < right; row++) {
      System.arraycopy(
          values, row * width + left, target, (row - y) * newWidth + left - x, right - left);
    }
    return of(newWidth, newHeight, target);
  }

  /** The map mirrored left to right. */
  public LabelMap flip() {
    byte[] target = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      target[i] = values[i - i % width + width - 1 - i % width];
    }
    return new LabelMap(width, height, target);
  }

  /** The map as a single-channel 8-bit PNG, which {@link #read} reads back. */
  public byte[] png() {
    return Png.encode(width, height, 1, values);
  }

  /** The map as an uncompressed PNG: the same bytes on every machine. */
  public byte[] storedPng() {
    return Png.stored(width, height, 1, values);
  }

  /** Writes {@link #png}, whole or not at all. */
  public void writePng(Path file) {
    AtomicFile.write(file, png());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof LabelMap that
        && width == that.width
        && Arrays.equals(values, that.values);
  }

  @Override
  public int hashCode() {
    return 31 * width + Arrays.hashCode(values);
  }

  @Override
  public String toString() {
    return "LabelMap " + width + "×" + height;
  }
}
