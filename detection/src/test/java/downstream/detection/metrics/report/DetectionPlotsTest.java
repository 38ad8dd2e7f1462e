package downstream.detection.metrics.report;

import static org.assertj.core.api.Assertions.assertThat;

import downstream.detection.metrics.DetectionResults;
import downstream.detection.metrics.EvaluatorSettings;
import downstream.detection.metrics.GroundTruth;
import downstream.detection.metrics.Iou;
import downstream.detection.metrics.Scene;
import downstream.detection.metrics.coco.CocoEvaluator;
import downstream.detection.metrics.coco.MatchTable;
import downstream.detection.metrics.mask.PolygonRaster;
import downstream.eval.data.ImageRecord;
import downstream.eval.data.ImageSet;
import downstream.eval.data.image.Image;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Plots of black images of 64 by 32 pixels, which are enlarged six times. */
class DetectionPlotsTest {
  private static final int WIDTH = 64;
  private static final int HEIGHT = 32;

  @TempDir private Path folder;

  private ImageSet images(int count) {
    List<ImageRecord> images = new ArrayList<>();
    for (int id = 0; id < count; id++) {
      Path file = folder.resolve(id + ".png");
      Image.filled(WIDTH, HEIGHT, 0).writePng(file);
      images.add(
          new ImageRecord(id, id + ".png", file, WIDTH, HEIGHT, List.of(), Optional.empty()));
    }
    return new ImageSet("black", List.of(), List.of(), images, Set.of(), "", List.of());
  }

  private List<String> draw(Scene scene, int count, Iou iou) throws IOException {
    GroundTruth groundTruth = scene.gt();
    DetectionResults results = scene.results();
    MatchTable matches =
        CocoEvaluator.match(groundTruth, results, EvaluatorSettings.COCO.on(Iou.bbox));
    return new DetectionPlots(images(3), groundTruth, results, iou)
        .draw(matches, folder, count).stream().map(file -> file.getFileName().toString()).toList();
  }

  /** The colour of a tile at a pixel of its image, of whose borders lines are drawn around. */
  private int colour(String sheet, int tile, int x, int y) {
    return Image.read(folder.resolve(sheet)).at(6 + 390 * tile + 6 * x, 6 + 6 * y) & 0xffffff;
  }

  @Test
  void hits_are_green_false_ones_red_and_missed_objects_yellow() throws IOException {
    Scene scene = new Scene(3, 1).groundTruth(0, 0, 10, 8, 20, 12).groundTruth(1, 0, 10, 8, 20, 12);
    scene.found(0, 0, 10, 8, 20, 12, 0.9).found(1, 0, 40, 8, 10, 12, 0.9);
    assertThat(draw(scene, 2, Iou.bbox))
        .containsExactly(
            "detections.png",
            "worst.png",
            "precision-recall.png",
            "ap-by-class.png",
            "ap-by-size.png");
    assertThat(colour("detections.png", 0, 20, 20)).as("lower edge").isEqualTo(0x00E040);
    assertThat(colour("detections.png", 0, 30, 14)).as("right edge").isEqualTo(0x00E040);
    assertThat(colour("detections.png", 0, 20, 17)).as("inside").isZero();
    assertThat(colour("detections.png", 1, 10, 17)).isEqualTo(0xFFC800);
    assertThat(colour("detections.png", 1, 50, 17)).isEqualTo(0xFF3030);
    assertThat(colour("detections.png", 2, 20, 17)).as("two of three").isEqualTo(0xFFFFFF);
    assertThat(colour("worst.png", 0, 50, 17)).isEqualTo(0xFF3030);
    assertThat(colour("worst.png", 1, 50, 17)).as("only the second has errors").isEqualTo(0xFFFFFF);
  }

  @Test
  void masks_are_tinted_and_a_run_without_errors_has_no_worst_images() throws IOException {
    Scene scene = new Scene(1, 1).groundTruth(0, 0, 10, 8, 20, 12).found(0, 0, 10, 8, 20, 12, 0.9);
    double[] box = {10, 8, 20, 12};
    scene.groundTruth.mask(0, PolygonRaster.box(box, HEIGHT, WIDTH));
    scene.found.mask(0, PolygonRaster.box(box, HEIGHT, WIDTH));
    assertThat(draw(scene, 1, Iou.segm)).doesNotContain("worst.png").hasSize(4);
    assertThat(colour("detections.png", 0, 20, 17))
        .as("90 of 255 of the green")
        .isEqualTo(0x004F17);
    assertThat(colour("detections.png", 0, 35, 17)).isZero();
    assertThat(colour("detections.png", 0, 20, 25)).isZero();
  }

  @Test
  void data_without_objects_have_no_curves() throws IOException {
    assertThat(draw(new Scene(1, 1), 1, Iou.bbox)).containsExactly("detections.png");
  }

  /** Of 45 classes 42 have an object: 16 pixels each; the other plots stay 640 wide. */
  @Test
  void a_plot_of_many_classes_is_wider() throws IOException {
    Scene scene = new Scene(1, 45);
    for (int c = 0; c < 42; c++) {
      scene.groundTruth(0, c, c, 0, 10, 10).found(0, c, c, 0, 10, 10, 0.9);
    }
    MatchTable matches = CocoEvaluator.match(scene.gt(), scene.results(), EvaluatorSettings.COCO);
    assertThat(PrecisionRecallPlots.draw(matches, folder)).hasSize(3);
    assertThat(Image.read(folder.resolve("ap-by-class.png")).width()).isEqualTo(42 * 16);
    assertThat(Image.read(folder.resolve("ap-by-size.png")).width()).isEqualTo(640);
    assertThat(Image.read(folder.resolve("precision-recall.png")).width()).isEqualTo(640);
  }
}
