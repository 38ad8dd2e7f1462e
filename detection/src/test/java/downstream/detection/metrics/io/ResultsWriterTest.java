package downstream.detection.metrics.io;

import static org.assertj.core.api.Assertions.assertThat;

import downstream.detection.metrics.BoxTable;
import downstream.detection.metrics.mask.PolygonRaster;
import downstream.detection.metrics.mask.Rle;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultsWriterTest {
  @TempDir private Path folder;

  @Test
  void ids_and_numbers_to_the_float_and_a_mask_where_there_is_one() throws IOException {
    BoxTable boxes = new BoxTable();
    boxes.add(1, 0, 0.1, 2, 3.5, 4, 0.75);
    int second = boxes.add(0, 1, 1, 1, 2, 2, 1.0 / 3);
    Rle mask = PolygonRaster.box(new double[] {1, 1, 2, 2}, 4, 5);
    boxes.mask(second, mask);
    Path file = folder.resolve("dt.json.gz");
    ResultsWriter.write(file, boxes, List.of(7L, 9L), List.of(2L, 4L));
    assertThat(unzipped(file))
        .isEqualTo(
            "[{\"image_id\":9,\"category_id\":2,\"bbox\":[0.1,2.0,3.5,4.0],\"score\":0.75},"
                + "{\"image_id\":7,\"category_id\":4,\"bbox\":[1.0,1.0,2.0,2.0],\"score\":0.33333334,"
                + "\"segmentation\":{\"size\":[4,5],\"counts\":\""
                + mask.counts()
                + "\"}}]");
  }

  @Test
  void no_detections_are_an_empty_array() throws IOException {
    Path file = folder.resolve("dt.json.gz");
    ResultsWriter.write(file, new BoxTable(), List.of(), List.of());
    assertThat(unzipped(file)).isEqualTo("[]");
  }

  private static String unzipped(Path file) throws IOException {
    try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
