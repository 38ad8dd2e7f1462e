package downstream.pretrain.mining.pairs;

import downstream.eval.AtomicFile;
import downstream.eval.BadInput;
import downstream.eval.Digest;
import downstream.eval.Json;
import downstream.eval.Workers;
import downstream.pretrain.mining.regions.ImageRegions;
import downstream.pretrain.views.Region;
import java.io.BufferedWriter;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntFunction;

/** Writes {@code pairs.jsonl}; docs/guide/mining.md has its fields. */
public final class PairsWriter {
  private PairsWriter() {}

  /**
   * Matches all images and writes the file, whole or not at all: first the lines, beside it, then
   * the header that needs their digest.
   *
   * @param header without digest
   */
  public static void write(
      Path file,
      PairsHeader header,
      List<String> names,
      ImageRegions regions,
      IntFunction<Match> matcher,
      int threads) {
    Path lines = file.resolveSibling("." + file.getFileName() + ".lines");
    try {
      Digest digest = header.begin();
      try (BufferedWriter out = Files.newBufferedWriter(lines)) {
        InOrder sink = new InOrder(file, out, digest);
        Workers.run(
            "pairs",
            threads,
            regions.images(),
            1,
            i -> sink.put(i, line(names.get(i), regions, i, matcher.apply(i))));
      }
      String first = header.withDigest(digest.hex()).text() + "\n";
      AtomicFile.write(
          file,
          out -> {
            out.write(first.getBytes(StandardCharsets.UTF_8));
            Files.copy(lines, out);
          });
      Files.delete(lines);
    } catch (IOException e) {
      throw unwritable(file, e);
    }
  }

  private static BadInput unwritable(Path file, IOException e) {
    return new BadInput(
        file, "cannot be written (" + e + ")", "Free disk space, or make the folder writable", e);
  }

  /** Lines that arrive in any order and are written in order. */
  private static final class InOrder {
    private final Path file;
    private final BufferedWriter out;
    private final Digest digest;
    private final Map<Integer, String> waiting = new TreeMap<>();
    private int next;

    InOrder(Path file, BufferedWriter out, Digest digest) {
      this.file = file;
      this.out = out;
      this.digest = digest;
    }

    synchronized void put(int position, String line) {
      waiting.put(position, line);
      try {
        for (String ready = waiting.remove(next); ready != null; ready = waiting.remove(next)) {
          digest.add(ready);
          out.write(ready);
          out.write('\n');
          next++;
        }
      } catch (IOException e) {
        throw unwritable(file, e);
      }
    }
  }

  private static String line(String name, ImageRegions regions, int image, Match match) {
    StringBuilder line = new StringBuilder("{\"image\":").append(Json.canonical(name));
    line.append(",\"regions\":[");
    for (Region region : regions.of(image)) {
      line.append('[').append(region.x()).append(',').append(region.y()).append(',');
      line.append(region.width()).append(',').append(region.height()).append("],");
    }
    close(line).append(",\"hubness\":[");
    for (float hubness : regions.hubness(image)) {
      line.append(text(hubness)).append(',');
    }
    close(line).append(",\"neighbours\":[");
    for (Neighbour neighbour : match.neighbours()) {
      line.append('[').append(neighbour.image()).append(',');
      line.append(text(neighbour.similarity())).append("],");
    }
    close(line).append(",\"pairs\":[");
    for (List<Pair> pairs : match.pairs()) {
      line.append('[');
      for (Pair pair : pairs) {
        line.append('[').append(pair.own()).append(',').append(pair.other()).append(',');
        line.append(text(pair.similarity())).append("],");
      }
      close(line).append(',');
    }
    return close(line).append('}').toString();
  }

  /** Closes a list: replaces the comma after its last element. */
  private static StringBuilder close(StringBuilder line) {
    if (line.charAt(line.length() - 1) == ',') {
      line.setLength(line.length() - 1);
    }
    return line.append(']');
  }

  /** Six places, always the same digits; null for none. */
  private static String text(float similarity) {
    return Float.isNaN(similarity)
        ? "null"
        : BigDecimal.valueOf(Math.round(similarity * 1e6), 6).toPlainString();
  }
}
