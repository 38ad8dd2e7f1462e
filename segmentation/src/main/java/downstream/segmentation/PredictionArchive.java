package downstream.segmentation;

import downstream.eval.AtomicFile;
import downstream.eval.data.ImageRecord;
import downstream.eval.data.ImageSet;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * The stored predictions: one ZIP with an indexed PNG for every image, at the image's own size, in
 * the set's order and without times, so that equal predictions are equal bytes.
 */
final class PredictionArchive {
  /** The earliest a ZIP can say. */
  private static final LocalDateTime NO_TIME = LocalDateTime.of(1980, 1, 1, 0, 0);

  private PredictionArchive() {}

  /** Receives the images in order. */
  interface Writer {
    /**
     * @param values width × height classes in raster order
     */
    void add(String name, int width, int height, byte[] values) throws IOException;
  }

  /** Writer of all images. */
  interface Content {
    void writeTo(Writer archive) throws IOException;
  }

  /**
   * The entry of every image: its name with {@code .png} for its extension; where two images differ
   * by extension alone, {@code .png} is appended to it instead.
   */
  static List<String> names(ImageSet set) {
    Set<String> seen = new HashSet<>();
    Set<String> twice = new HashSet<>();
    for (ImageRecord image : set.images()) {
      String stem = stem(image.name());
      if (!seen.add(stem)) {
        twice.add(stem);
      }
    }
    return set.images().stream()
        .map(ImageRecord::name)
        .map(name -> (twice.contains(stem(name)) ? name : stem(name)) + ".png")
        .toList();
  }

  private static String stem(String name) {
    return name.replaceFirst("\\.[^./]+$", "");
  }

  static void write(Path file, Content content) {
    AtomicFile.write(
        file,
        out -> {
          ZipOutputStream zip = new ZipOutputStream(out);
          zip.setLevel(Deflater.NO_COMPRESSION);
          content.writeTo((name, width, height, values) -> add(zip, name, width, height, values));
          zip.finish();
        });
  }

  private static void add(ZipOutputStream zip, String name, int width, int height, byte[] values)
      throws IOException {
    ZipEntry entry = new ZipEntry(name);
    entry.setTimeLocal(NO_TIME);
    zip.putNextEntry(entry);
    zip.write(IndexedPng.encode(width, height, values));
    zip.closeEntry();
  }
}
