package downstream.eval.data;

import downstream.eval.BadInput;
import downstream.eval.Digest;
import downstream.eval.data.image.ImageFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * List of a split's images with their digests: its fingerprint says that something was changed,
 * this says what. As a file it is a line of text for each, {@code image-digest labels-digest name},
 * after a first line that names the format and holds the SHA-256 of the lines below it.
 */
public record Inventory(List<Entry> entries) {
  private static final String FORMAT = "downstream/inventory/1";
  private static final Pattern HEADER = Pattern.compile(FORMAT + " ([0-9a-f]{64})");
  private static final Pattern LINE = Pattern.compile("[0-9a-f]{64} [0-9a-f]{64} .*");
  private static final Pattern LINE_BREAK = Pattern.compile("\\R");

  public Inventory {
    entries = List.copyOf(entries);
  }

  /**
   * One image.
   *
   * @param image SHA-256 of its file's bytes
   * @param labels digest over its label map's bytes and its boxes, however they are numbered
   * @param name unique in its split
   */
  public record Entry(String image, String labels, String name) {
    public Entry {
      name = LINE_BREAK.matcher(name).replaceAll(" ");
    }
  }

  /** Inventory of a split that was read; opens no file again. */
  static Inventory of(Split split) {
    return new Inventory(
        IntStream.range(0, split.images().size())
            .parallel()
            .mapToObj(i -> entry(split.images().get(i), split.checks().get(i)))
            .toList());
  }

  private static Entry entry(ImageRecord image, FileCheck inspection) {
    String labels = LabelsDigest.of(image, inspection);
    return new Entry(inspection.image(), labels, image.name());
  }

  /** One sentence for each image that was changed, added or removed. */
  public List<String> changesTo(Inventory now) {
    Map<String, Entry> found = new HashMap<>();
    now.entries.forEach(entry -> found.put(entry.name(), entry));
    List<String> changes = new ArrayList<>();
    for (Entry then : entries) {
      Entry same = found.remove(then.name());
      if (!then.equals(same)) {
        changes.add(change(then, same));
      }
    }
    now.entries.stream()
        .filter(entry -> found.containsKey(entry.name()))
        .forEach(added -> changes.add("'" + added.name() + "' was added"));
    return changes;
  }

  private static String change(Entry then, @Nullable Entry now) {
    String name = "'" + then.name() + "'";
    if (now == null) {
      return name + " is gone";
    }
    if (then.image().equals(now.image())) {
      return "the labels of " + name + " were changed";
    }
    return then.labels().equals(now.labels())
        ? "image " + name + " was changed"
        : "image " + name + " and its labels were changed";
  }

  /** The file's content: the same entries give the same bytes. */
  public byte[] bytes() {
    StringBuilder lines = new StringBuilder();
    for (Entry entry : entries) {
      lines.append(entry.image()).append(' ').append(entry.labels()).append(' ');
      lines.append(entry.name()).append('\n');
    }
    byte[] body = lines.toString().getBytes(StandardCharsets.UTF_8);
    byte[] header = (FORMAT + " " + Digest.of(body) + "\n").getBytes(StandardCharsets.UTF_8);
    byte[] bytes = Arrays.copyOf(header, header.length + body.length);
    System.arraycopy(body, 0, bytes, header.length, body.length);
    return bytes;
  }

  /**
   * Reads a file of {@link #bytes}.
   *
   * @throws BadInput if it is none, or is not whole
   */
  public static Inventory read(Path file) {
    byte[] bytes = ImageFile.bytes(file);
    int end = 0;
    while (end < bytes.length && bytes[end] != '\n') {
      end++;
    }
    var header = HEADER.matcher(new String(bytes, 0, end, StandardCharsets.UTF_8));
    if (!header.matches()) {
      throw damaged(file, "does not begin with '" + FORMAT + "' and a SHA-256");
    }
    byte[] body = Arrays.copyOfRange(bytes, Math.min(end + 1, bytes.length), bytes.length);
    if (!Digest.of(body).equals(header.group(1))) {
      throw damaged(file, "was changed or cut off: its lines are not those of its SHA-256");
    }
    return new Inventory(
        new String(body, StandardCharsets.UTF_8).lines().map(line -> entry(file, line)).toList());
  }

  private static Entry entry(Path file, String line) {
    if (!LINE.matcher(line).matches()) {
      throw damaged(file, "expected two digests and a name, found '" + line + "'");
    }
    return new Entry(line.substring(0, 64), line.substring(65, 129), line.substring(130));
  }

  private static BadInput damaged(Path file, String problem) {
    return new BadInput(file, problem, "Delete it: `eval` on the same data writes it again");
  }
}
