package downstream.detection.metrics.io;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import downstream.detection.metrics.BoxTable;
import downstream.detection.metrics.mask.Rle;
import downstream.eval.AtomicFile;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/** Writes detections as a gzipped COCO results file: the same detections give the same bytes. */
public final class ResultsWriter {
  private static final JsonFactory FACTORY = new JsonFactory();

  private ResultsWriter() {}

  /**
   * Writes a results file, whole or not at all; a row's mask as {@code segmentation}, compressed.
   *
   * @param boxes image and category as places in these lists; values are kept to the float
   */
  public static void write(Path file, BoxTable boxes, List<Long> imageIds, List<Long> categoryIds) {
    AtomicFile.write(
        file,
        out -> {
          OutputStream zipped = new GZIPOutputStream(out);
          JsonGenerator json = FACTORY.createGenerator(zipped);
          json.writeStartArray();
          for (int row = 0; row < boxes.size; row++) {
            write(json, boxes, row, imageIds, categoryIds);
          }
          json.writeEndArray();
          json.close();
        });
  }

  private static void write(
      JsonGenerator json, BoxTable boxes, int row, List<Long> imageIds, List<Long> categoryIds)
      throws IOException {
    json.writeStartObject();
    json.writeNumberField("image_id", imageIds.get(boxes.image[row]));
    json.writeNumberField("category_id", categoryIds.get(boxes.category[row]));
    json.writeArrayFieldStart("bbox");
    json.writeNumber((float) boxes.x[row]);
    json.writeNumber((float) boxes.y[row]);
    json.writeNumber((float) boxes.width[row]);
    json.writeNumber((float) boxes.height[row]);
    json.writeEndArray();
    json.writeNumberField("score", (float) boxes.score[row]);
    if (boxes.mask(row).isPresent()) {
      write(json, boxes.mask(row).get());
    }
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, Rle mask) throws IOException {
    json.writeObjectFieldStart("segmentation");
    json.writeArrayFieldStart("size");
    json.writeNumber(mask.height());
    json.writeNumber(mask.width());
    json.writeEndArray();
    json.writeStringField("counts", mask.counts());
    json.writeEndObject();
  }
}
