package downstream.eval.data;

import downstream.eval.BadInput;
import downstream.eval.Digest;
import downstream.eval.data.image.Image;
import downstream.eval.data.image.ImageFile;
import downstream.eval.data.image.PerceptualHash;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * List of the images an encoder was pretrained on, without the images: {@code NAME.images.txt}
 * beside it, a line of text for each, {@code SHA-256 perceptual-hash name}, after a first line that
 * names the format.
 */
public record ImageList(List<Entry> entries) {
  /** The first line. */
  private static final String FORMAT = "downstream/images/1";

  /** List of an encoder that has seen no images. */
  public static final ImageList EMPTY = new ImageList(List.of());

  public ImageList {
    entries = List.copyOf(entries);
  }

  /**
   * One image.
   *
   * @param sha256 of its file's bytes
   * @param hash what it looks like: {@link PerceptualHash}
   * @param name as its set has it
   */
  public record Entry(String sha256, long hash, String name) {
    private static Entry of(ImageRecord listed) {
      byte[] bytes = ImageFile.bytes(listed.file());
      Image image = Image.decode(listed.file(), bytes);
      return new Entry(Digest.of(bytes), PerceptualHash.of(image), listed.name());
    }

    private String line() {
      return "%s %016x %s\n".formatted(sha256, hash, name.replaceAll("\\R", " "));
    }
  }

  /** Reads every image of a set. */
  public static ImageList of(ImageSet set) {
    return new ImageList(set.images().parallelStream().map(Entry::of).toList());
  }

  /** The entries of both, each once. */
  public ImageList and(ImageList other) {
    Set<Entry> all = new LinkedHashSet<>(entries);
    all.addAll(other.entries);
    return new ImageList(List.copyOf(all));
  }

  /** The file's content: the same entries give the same bytes. */
  public byte[] bytes() {
    StringBuilder text = new StringBuilder(FORMAT).append('\n');
    entries.forEach(entry -> text.append(entry.line()));
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Reads a list.
   *
   * @throws BadInput if it is none
   */
  public static ImageList read(Path file) {
    List<String> lines = new String(ImageFile.bytes(file), StandardCharsets.UTF_8).lines().toList();
    if (lines.isEmpty() || !lines.get(0).equals(FORMAT)) {
      String found = lines.isEmpty() ? "an empty file" : "'" + lines.get(0) + "'";
      throw new BadInput(
          file,
          "expected '" + FORMAT + "' in line 1, found " + found,
          "Copy the file again, or pretrain again");
    }
    List<Entry> entries = new ArrayList<>();
    for (int i = 1; i < lines.size(); i++) {
      entries.add(entry(file, i + 1, lines.get(i)));
    }
    return new ImageList(entries);
  }

  private static Entry entry(Path file, int number, String line) {
    if (!line.matches("[0-9a-f]{64} [0-9a-f]{16} .*")) {
      throw new BadInput(
          file + ", line " + number,
          "expected SHA-256, 16 hexadecimal digits and a name, found '" + line + "'",
          "Copy the file again, or pretrain again");
    }
    return new Entry(
        line.substring(0, 64),
        Long.parseUnsignedLong(line.substring(65, 81), 16),
        line.substring(82));
  }
}
