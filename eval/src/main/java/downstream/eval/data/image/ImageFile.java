package downstream.eval.data.image;

import downstream.eval.BadInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Image files on disk: which names count as images, their bytes, what to say of bad ones. */
public final class ImageFile {
  private static final List<String> EXTENSIONS =
      List.of("jpg", "jpeg", "png", "bmp", "webp", "tif", "tiff", "gif", "ppm", "pgm");

  private ImageFile() {}

  /** Tells whether a file name has the extension of an image, and is not hidden. */
  public static boolean hasImageName(Path file) {
    String name = file.getFileName().toString();
    return !name.startsWith(".") && EXTENSIONS.contains(extension(name).toLowerCase(Locale.ROOT));
  }

  /** A name without its extension, folders kept: {@code day/a.b.jpg} gives {@code day/a.b}. */
  public static String stem(String name) {
    String extension = extension(name);
    return extension.isEmpty() ? name : name.substring(0, name.length() - extension.length() - 1);
  }

  private static String extension(String name) {
    int dot = name.lastIndexOf('.');
    return dot <= name.lastIndexOf('/') + 1 ? "" : name.substring(dot + 1);
  }

  /**
   * All bytes of a file.
   *
   * @throws BadInput if there is no such file or it cannot be read
   */
  public static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw BadInput.unreadable(file, e);
    }
  }

  /** The error of a file that does not decode. */
  static BadInput notAnImage(Path file, byte[] bytes) {
    String fix = "Download it again, or remove it from the data set";
    if (ImageHeader.size(bytes).isPresent()) {
      return new BadInput(file, "starts as an image but is truncated or damaged", fix);
    }
    return new BadInput(file, "expected an image, found " + found(bytes), fix);
  }

  /** Describes the bytes of a file that is not of the expected format, for messages. */
  static String found(byte[] bytes) {
    return bytes.length == 0 ? "an empty file" : "'" + opening(bytes) + "'";
  }

  /** The first bytes as a reader can make sense of them. */
  private static String opening(byte[] bytes) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < Math.min(bytes.length, 16); i++) {
      boolean printable = bytes[i] >= 32 && bytes[i] < 127;
      text.append(printable ? String.valueOf((char) bytes[i]) : ".");
    }
    return text + (bytes.length > 16 ? "…" : "");
  }
}
