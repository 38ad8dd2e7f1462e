package downstream.detection.metrics.mask;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonParser;
import downstream.eval.Json;
import downstream.eval.data.image.ImageSize;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SegmentationFieldTest {
  private static final ImageSize IMAGE = new ImageSize(10, 8);
  private static final String SQUARE = "[1,1,5,1,5,5,1,5]"; // 4 × 4 pixels
  private static final String OTHER = "[6,2,8,2,8,4,6,4]"; // 2 × 2 pixels

  private static Optional<SegmentationField> read(String json) throws IOException {
    try (JsonParser parser = Json.MAPPER.createParser(json)) {
      parser.nextToken();
      Optional<SegmentationField> field = SegmentationField.read(parser);
      assertThat(parser.nextToken()).as("all of the value is read, and no more").isNull();
      return field;
    }
  }

  private static SegmentationField field(String json) throws IOException {
    return read(json).orElseThrow();
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "[]"})
  void nothing_is_no_segmentation(String json) throws IOException {
    assertThat(read(json)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "3; a list of polygons or RLE, found '3'",
        "[3]; a polygon must be a list of numbers, found '3'",
        "[[1,1,2,true,3,3]]; finite numbers, found 'true'",
        "[[1,1,2,null,3,3]]; finite numbers, found 'null'",
        "[[1,1,2,1e999,3,3]]; finite numbers, found '1e999'",
        "{\"counts\": [4, 2]}; RLE needs size",
        "{\"size\": [2, 3]}; RLE needs size",
        "{\"size\": [2], \"counts\": [4, 2]}; RLE needs size",
        "{\"size\": [2, 3, 1], \"counts\": [4, 2]}; RLE needs size",
        "{\"size\": 6, \"counts\": [4, 2]}; RLE needs size",
        "{\"size\": [2, 3], \"counts\": 6}; RLE needs size",
        "{\"size\": [2, 3], \"counts\": [4.5, 1.5]}; whole numbers, found 4.5",
        "{\"size\": [2, 3], \"counts\": [7, -1]}; whole numbers, found -1.0",
        "{\"size\": [2, -3], \"counts\": [4, 2]}; whole numbers, found -3.0"
      })
  void says_what_is_no_segmentation(String json, String problem) {
    assertThatThrownBy(() -> read(json))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(problem);
  }

  @Test
  void runs_bring_their_own_size_as_numbers_and_as_text() throws IOException {
    Rle expected = Rle.ofRuns(2, 3, new int[] {4, 2});
    String more = "\"id\": {\"counts\": [9]}, \"size_of\": [1, 1], ";
    for (String counts : new String[] {"[4, 2]", "\"" + expected.counts() + "\""}) {
      SegmentationField field = field("{" + more + "\"size\": [2, 3], \"counts\": " + counts + "}");
      assertThat(field.mask(IMAGE, false)).contains(expected);
      assertThat(field.mask(IMAGE, true)).contains(expected);
      assertThat(field.mask(new ImageSize(0, 0), false)).contains(expected);
      assertThat(field.degenerate()).isZero();
    }
  }

  @Test
  void polygons_of_one_object_are_united() throws IOException {
    SegmentationField field = field("[" + SQUARE + "," + OTHER + "]");
    Rle both =
        Rle.ofPixels(pixels(1, 1, 5, 5), 8, 10).union(Rle.ofPixels(pixels(6, 2, 8, 4), 8, 10));
    assertThat(field.mask(IMAGE, false)).contains(both);
    assertThat(field.mask(IMAGE, true)).contains(both);
    assertThat(both.area()).isEqualTo(20);
  }

  private static boolean[] pixels(int left, int top, int right, int bottom) {
    boolean[] pixels = new boolean[80];
    for (int y = top; y < bottom; y++) {
      Arrays.fill(pixels, y * 10 + left, y * 10 + right, true);
    }
    return pixels;
  }

  @Test
  void long_polygons_are_read_whole() throws IOException {
    StringBuilder corners = new StringBuilder("[[1,1");
    for (int i = 0; i < 30; i++) {
      corners.append(",1,1");
    }
    corners.append(",5,1,5,5,1,5]]");
    assertThat(field(corners.toString()).mask(IMAGE, false))
        .isEqualTo(field("[" + SQUARE + "]").mask(IMAGE, false));
  }

  @Test
  void polygons_with_fewer_than_three_corners_enclose_nothing() throws IOException {
    SegmentationField field = field("[[1,1,5,5], " + SQUARE + ", [1,1], [1,1,5,1,5,5]]");
    assertThat(field.degenerate()).isEqualTo(2);
    assertThat(field("[[1,1,5,5]]").mask(IMAGE, false)).isEmpty();
    assertThat(field.mask(IMAGE, false)).isEqualTo(field("[" + SQUARE + "]").mask(IMAGE, false));
  }

  @Test
  void first_polygon_of_two_corners_makes_boxes_of_all_as_in_pycocotools() throws IOException {
    Rle box = Rle.ofPixels(pixels(1, 1, 4, 3), 8, 10);
    assertThat(field("[[1,1,3,2]]").mask(IMAGE, true)).contains(box);
    assertThat(field("[[1,1,3,2], [1,1,3,2,9,9]]").mask(IMAGE, true)).contains(box);
    assertThatThrownBy(() -> field("[[1,1,3,2], [1,1]]").mask(IMAGE, true))
        .hasMessageContaining("fewer corners");
    assertThatThrownBy(() -> field("[[1,1]]").mask(IMAGE, true))
        .hasMessageContaining("fewer than two corners");
    assertThatThrownBy(() -> field("[" + SQUARE + ", [1]]").mask(IMAGE, true))
        .hasMessageContaining("fewer corners");
    assertThat(field("[" + SQUARE + ", [1,1]]").mask(IMAGE, true)).isPresent();
  }

  @Test
  void half_a_corner_and_an_image_without_size_are_refused() throws IOException {
    SegmentationField odd = field("[[1,1,5,1,5,5,1]]");
    assertThatThrownBy(() -> odd.mask(IMAGE, false)).hasMessageContaining("7 numbers");
    SegmentationField square = field("[" + SQUARE + "]");
    for (ImageSize none : new ImageSize[] {new ImageSize(0, 8), new ImageSize(10, 0)}) {
      assertThatThrownBy(() -> square.mask(none, false)).hasMessageContaining("height and width");
    }
    assertThat(field("[[0,0,1,0,1,1,0,1]]").mask(new ImageSize(1, 1), false).orElseThrow().area())
        .isEqualTo(1);
  }
}
