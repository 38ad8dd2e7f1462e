package downstream.detection.metrics.coco;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
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
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * {@link MatchStatistics} on disk, gzipped: a JSON preface, then each table: a JSON header, then
 * per category its rows and its ground truth.
 */
public final class MatchFile {
  private static final int MAGIC = 0x44544d31;

  private MatchFile() {}

  /** Header of the file; the arrays follow. */
  @JsonNaming(SnakeCaseStrategy.class)
  private record Header(
      int images,
      List<String> categoryNames,
      List<Integer> maxDets,
      boolean pycocotools,
      Map<String, Long> counts,
      List<String> warnings) {}

  /** First part of the header. */
  private record Preface(boolean masks, Map<String, Double> errors) {}

  /** Writes statistics, whole or not at all. */
  public static void write(Path file, MatchStatistics statistics) {
    AtomicFile.write(
        file,
        stream -> {
          DataOutputStream out =
              new DataOutputStream(
                  new java.io.BufferedOutputStream(new GZIPOutputStream(stream), 1 << 16));
          out.writeInt(MAGIC);
          writeJson(out, new Preface(statistics.masks().isPresent(), statistics.errors()));
          write(out, statistics.boxes());
          if (statistics.masks().isPresent()) {
            write(out, statistics.masks().get());
          }
          out.close();
        });
  }

  private static void writeJson(DataOutputStream out, Record value) throws IOException {
    byte[] json = Json.pretty(value);
    out.writeInt(json.length);
    out.write(json);
  }

  private static void write(DataOutputStream out, MatchTable table) throws IOException {
    writeJson(
        out,
        new Header(
            table.images(),
            table.categoryNames(),
            table.maxDets(),
            table.pycocotools(),
            table.counts(),
            table.warnings()));
    for (ClassMatches matches : table.classes()) {
      write(out, matches);
    }
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
    write(out, matches.groundTruthImage);
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
   * Reads statistics.
   *
   * @throws BadInput if the file is none
   */
  public static MatchStatistics read(Path file) {
    try (DataInputStream in =
        new DataInputStream(
            new java.io.BufferedInputStream(
                new GZIPInputStream(Files.newInputStream(file)), 1 << 16))) {
      int magic = in.readInt();
      if (magic != MAGIC) {
        throw new IOException("not a match table");
      }
      Preface preface = readJson(in, Preface.class);
      MatchTable boxes = readTable(in);
      Optional<MatchTable> masks = preface.masks ? Optional.of(readTable(in)) : Optional.empty();
      return new MatchStatistics(boxes, masks, preface.errors);
    } catch (IOException e) {
      throw new BadInput(
          file,
          "is not a readable match table (" + e + ")",
          "Score the run's predictions again",
          e);
    }
  }

  private static <T> T readJson(DataInputStream in, Class<T> type) throws IOException {
    return Json.MAPPER.readValue(in.readNBytes(in.readInt()), type);
  }

  private static MatchTable readTable(DataInputStream in) throws IOException {
    Header header = readJson(in, Header.class);
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
    int[] groundTruthImage = readInts(in);
    int[][] positives = new int[ClassMatches.RANGES.length][];
    for (int range = 0; range < positives.length; range++) {
      positives[range] = readInts(in);
    }
    return new ClassMatches(image, rank, score, outcome, groundTruthImage, positives);
  }

  private static int[] readInts(DataInputStream in) throws IOException {
    int[] values = new int[in.readInt()];
    for (int i = 0; i < values.length; i++) {
      values[i] = in.readInt();
    }
    return values;
  }
}
