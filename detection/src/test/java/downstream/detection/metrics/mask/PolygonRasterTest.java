package downstream.detection.metrics.mask;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import downstream.eval.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class PolygonRasterTest {
  @Test
  void polygons_give_the_known_runs_byte_for_byte() {
    Path file =
        Path.of(System.getProperty("downstream.shared", ""))
            .resolve("vectors/polygon_rle_vectors.json");
    assumeTrue(Files.isRegularFile(file), "the polygon vectors are not here: " + file);
    JsonNode vectors = Json.read(file);
    assertThat(vectors).hasSizeGreaterThanOrEqualTo(20);
    for (JsonNode vector : vectors) {
      int height = vector.path("height").intValue();
      int width = vector.path("width").intValue();
      Rle mask = Rle.ofRuns(height, width, new int[] {height * width});
      for (JsonNode polygon : vector.path("polygon")) {
        double[] corners = Json.MAPPER.convertValue(polygon, double[].class);
        mask = mask.union(PolygonRaster.mask(corners, height, width));
      }
      assertThat(mask.counts()).as("%s", vector).isEqualTo(vector.path("rle_counts").asText());
      assertThat(mask.area()).isEqualTo(vector.path("area").intValue());
      assertThat(mask.box())
          .isEqualTo(Json.MAPPER.convertValue(vector.path("bbox"), double[].class));
    }
  }

  @Test
  void a_box_of_whole_pixels_is_filled_exactly() {
    Rle mask = PolygonRaster.box(new double[] {1, 2, 3, 2}, 6, 7);
    assertThat(mask.area()).isEqualTo(6);
    assertThat(mask.box()).containsExactly(1, 2, 3, 2);
  }

  @Test
  void what_lies_outside_leaves_an_empty_mask() {
    assertThat(PolygonRaster.box(new double[] {50, 50, 4, 4}, 6, 7).area()).isZero();
  }

  @Test
  void a_repeated_corner_changes_nothing() {
    double[] once = {1.3, 1.2, 5.1, 1.9, 3.3, 4.8};
    double[] twice = {1.3, 1.2, 1.3, 1.2, 5.1, 1.9, 3.3, 4.8, 3.3, 4.8};
    assertThat(PolygonRaster.mask(twice, 6, 7)).isEqualTo(PolygonRaster.mask(once, 6, 7));
  }

  @Test
  void refuses_corners_beyond_reason() {
    assertThatThrownBy(() -> PolygonRaster.mask(new double[] {0, 0, 1e12, 0, 1, 1}, 6, 7))
        .hasMessageContaining("far outside");
  }

  /** Six rows, seven columns. */
  private static Rle boxed(double x, double y, double width, double height) {
    return PolygonRaster.box(new double[] {x, y, width, height}, 6, 7);
  }

  @Test
  void the_last_column_is_inside_and_the_one_beyond_is_not() {
    Rle lastTwo = Rle.ofRuns(6, 7, new int[] {31, 2, 4, 2, 3});
    assertThat(boxed(5, 1, 2, 2).counts()).isEqualTo(lastTwo.counts());
    assertThat(boxed(5, 1, 3, 2).counts()).isEqualTo(lastTwo.counts());
    assertThat(boxed(5, 1, 9, 2).counts()).isEqualTo(lastTwo.counts());
  }

  @Test
  void the_first_column_is_inside_and_the_one_before_is_not() {
    Rle firstTwo = Rle.ofRuns(6, 7, new int[] {1, 2, 4, 2, 33});
    assertThat(boxed(0, 1, 2, 2).counts()).isEqualTo(firstTwo.counts());
    assertThat(boxed(-2, 1, 4, 2).counts()).isEqualTo(firstTwo.counts());
  }

  @Test
  void a_mask_in_the_last_corner_ends_with_the_image() {
    Rle corner = Rle.ofRuns(6, 7, new int[] {33, 3, 3, 3});
    assertThat(boxed(5, 3, 2, 3).counts()).isEqualTo(corner.counts());
    assertThat(boxed(5, 3, 2, 9).counts()).isEqualTo(corner.counts());
  }

  @Test
  void edges_that_coincide_leave_no_empty_runs() {
    assertThat(boxed(1, 2, 3, 0).counts()).isEqualTo(RleCodec.write(new int[] {42}));
  }
}
