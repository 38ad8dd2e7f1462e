package downstream.detection.metrics;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Detections as a COCO results file holds them: an array of {@code image_id}, {@code category_id},
 * {@code bbox} and {@code score}.
 *
 * @param boxes images and categories as places in the truth's ids, in file order
 * @param unknownCategory how many were dropped because the truth has no such category
 * @param warnings what could change a figure
 */
public record DetectionResults(BoxTable boxes, long unknownCategory, List<String> warnings) {
  public DetectionResults {
    warnings = List.copyOf(warnings);
  }

  /**
   * Reads a results file, plain or gzipped, as pycocotools does.
   *
   * @throws downstream.eval.BadInput if it is no such file, names an unknown image, or holds a
   *     number that is not finite
   */
  public static DetectionResults read(Path file, GroundTruth truth) {
    return CocoFile.read(file, (open, parser) -> new Reader(open, parser, truth).read());
  }

  private static final class Reader {
    private final CocoFile file;
    private final JsonParser parser;
    private final long[] imageIds;
    private final long[] categoryIds;
    private final BoxTable boxes = new BoxTable();
    private long unknownCategory;
    private long negative;
    private long entries;

    Reader(CocoFile file, JsonParser parser, GroundTruth truth) {
      this.file = file;
      this.parser = parser;
      this.imageIds = truth.imageIds().stream().mapToLong(Long::longValue).toArray();
      this.categoryIds = truth.categoryIds().stream().mapToLong(Long::longValue).toArray();
    }

    DetectionResults read() throws IOException {
      if (parser.nextToken() != JsonToken.START_ARRAY) {
        throw file.badFile(
            "results must be a JSON array", "Write [{\"image_id\": …, \"bbox\": …}, …]");
      }
      double[] box = new double[4];
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
          throw file.bad(
              "a result must be an object, found " + parser.currentToken(), "Correct it");
        }
        readEntry(box);
        entries++;
      }
      if (parser.nextToken() != null) {
        throw file.bad("unexpected content after the array", "Keep one array a file");
      }
      return new DetectionResults(boxes, unknownCategory, warnings());
    }

    private void readEntry(double[] box) throws IOException {
      long image = 0;
      long category = 0;
      double score = 0;
      int seen = 0;
      for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
        parser.nextToken();
        switch (name) {
          case "image_id" -> {
            image = file.id(name);
            seen |= 1;
          }
          case "category_id" -> {
            category = file.id(name);
            seen |= 2;
          }
          case "score" -> {
            score = file.number(name);
            seen |= 4;
          }
          case "bbox" -> seen |= file.box(box) ? 8 : 0;
          default -> parser.skipChildren();
        }
      }
      requireAll(seen);
      add(image, category, score, box);
    }

    private void requireAll(int seen) {
      String[] names = {"image_id", "category_id", "score", "bbox"};
      for (int i = 0; i < names.length; i++) {
        if ((seen >> i & 1) == 0) {
          throw file.bad("result #" + (entries + 1) + " has no " + names[i], "Add it");
        }
      }
    }

    private void add(long imageId, long categoryId, double score, double[] box) {
      int image = Arrays.binarySearch(imageIds, imageId);
      if (image < 0) {
        throw file.bad(
            "image_id " + imageId + " is not in the ground truth",
            "Score the file against the split it was made for");
      }
      int category = Arrays.binarySearch(categoryIds, categoryId);
      if (category < 0) {
        unknownCategory++;
        return;
      }
      negative += box[2] < 0 || box[3] < 0 ? 1 : 0;
      boxes.add(image, category, box[0], box[1], box[2], box[3], score);
    }

    private List<String> warnings() {
      List<String> warnings = new ArrayList<>();
      if (entries == 0) {
        warnings.add("the results file holds no detections (pycocotools refuses such a file)");
      }
      if (unknownCategory > 0) {
        warnings.add(unknownCategory + " detections of categories without an entry were dropped");
      }
      if (negative > 0) {
        warnings.add(negative + " detections have a negative width or height: they match nothing");
      }
      return warnings;
    }
  }
}
