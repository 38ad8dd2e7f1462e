package downstream.detection.metrics;

import com.fasterxml.jackson.core.type.TypeReference;
import downstream.eval.AtomicFile;
import downstream.eval.BadInput;
import downstream.eval.Json;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * A {@link MatchTable} on disk, gzipped: a JSON header, then per category its rows and its truth.
 */
final class MatchFile {
  private static final int MAGIC = 0x44544d31;

  private MatchFile() {}

  /** What the header says; the arrays follow. */
  private record Header(
      int images,
      List<String> categoryNames,
      List<Integer> maxDets,
      boolean pycocotools,
      Map<String, Long> counts,
      List<String> warnings) {}

  /** Writes a table, whole or not at all. */
  static void write(Path file, MatchTable table) {
    AtomicFile.write(
        file,
        stream -> {
          DataOutputStream out =
              new DataOutputStream(
                  new java.io.BufferedOutputStream(new GZIPOutputStream(stream), 1 << 16));
          out.writeInt(MAGIC);
          byte[] header =
              Json.pretty(
                  new Header(
                      table.images(),
                      table.categoryNames(),
                      table.maxDets(),
                      table.pycocotools(),
                      table.counts(),
                      table.warnings()));
          out.writeInt(header.length);
          out.write(header);
          for (ClassMatches matches : table.classes()) {
            write(out, matches);
          }
          out.close();
        });
  }

  private static void write(DataOutputStream out, ClassMatches matches) throws IOException {
    write(out, matches.image);
    write(out, matches.rank);
    for (double score : matches.score) {
      out.writeDouble(score);
    }
    for (int[] outcome : matches.outcome) {
      write(out, outcome);
    }
    write(out, matches.truthImage);
    for (int[] positives : matches.positives) {
      write(out, positives);
    }
  }

  private static void write(DataOutputStream out, int[] values) throws IOException {
    out.writeInt(values.length);
    for (int value : values) {
      out.writeInt(value);
    }
  }

  /**
   * Reads a table.
   *
   * @throws BadInput if the file is none
   */
  static MatchTable read(Path file) {
    try (DataInputStream in =
        new DataInputStream(
            new java.io.BufferedInputStream(
                new GZIPInputStream(Files.newInputStream(file)), 1 << 16))) {
      if (in.readInt() != MAGIC) {
        throw new IOException("not a match table");
      }
      Header header =
          Json.MAPPER.readValue(in.readNBytes(in.readInt()), new TypeReference<Header>() {});
      List<ClassMatches> classes = new ArrayList<>();
      for (int i = 0; i < header.categoryNames.size(); i++) {
        classes.add(readClass(in));
      }
      return new MatchTable(
          header.images,
          header.categoryNames,
          header.maxDets,
          header.pycocotools,
          classes,
          header.counts,
          header.warnings);
    } catch (IOException e) {
      throw new BadInput(
          file, "is no readable match table (" + e + ")", "Score the run's predictions again", e);
    }
  }

  private static ClassMatches readClass(DataInputStream in) throws IOException {
    int[] image = readInts(in);
    int[] rank = readInts(in);
    double[] score = new double[image.length];
    for (int i = 0; i < score.length; i++) {
      score[i] = in.readDouble();
    }
    int[][] outcome = new int[ClassMatches.RANGES.length][];
    for (int range = 0; range < outcome.length; range++) {
      outcome[range] = readInts(in);
    }
    int[] truthImage = readInts(in);
    int[][] positives = new int[ClassMatches.RANGES.length][];
    for (int range = 0; range < positives.length; range++) {
      positives[range] = readInts(in);
    }
    return new ClassMatches(image, rank, score, outcome, truthImage, positives);
  }

  private static int[] readInts(DataInputStream in) throws IOException {
    int[] values = new int[in.readInt()];
    for (int i = 0; i < values.length; i++) {
      values[i] = in.readInt();
    }
    return values;
  }
}
