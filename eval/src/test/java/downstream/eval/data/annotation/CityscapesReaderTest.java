package downstream.eval.data.annotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import downstream.eval.BadInput;
import downstream.eval.data.Audit;
import downstream.eval.data.DataSets;
import downstream.eval.data.ImageSet;
import downstream.eval.data.image.ImageTest;
import downstream.eval.data.image.LabelMap;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CityscapesReaderTest {
  @TempDir Path folder;

  @BeforeEach
  void unpack() throws Exception {
    for (String name : new String[] {"train/aachen/aachen_000000", "val/ulm/ulm_000001"}) {
      ImageTest.random(4, 2, 1)
          .writePng(folder.resolve("leftImg8bit/" + name + "_leftImg8bit.png"));
      // ego vehicle, road, building, bicycle, trailer, licence plate (255), sky, sidewalk
      LabelMap.of(4, 2, new byte[] {1, 7, 11, 33, 30, -1, 23, 8})
          .writePng(folder.resolve("gtFine/" + name + "_gtFine_labelIds.png"));
      ImageTest.random(4, 2, 2).writePng(folder.resolve("gtFine/" + name + "_gtFine_color.png"));
    }
    Files.writeString(
        folder.resolve("data.yaml"),
        """
        train: [{format: cityscapes, root: ., folder: train}]
        val: [{format: cityscapes, root: ., folder: val}]
        """);
  }

  @Test
  void label_ids_become_the_19_train_ids() {
    ImageSet set = DataSets.open(folder).train();

    assertThat(set.images()).hasSize(1);
    assertThat(set.labels()).hasSize(19);
    assertThat(set.labels().get(0).name()).isEqualTo("road");
    assertThat(set.labels().get(10).name()).isEqualTo("sky");
    assertThat(set.labels().get(18).name()).isEqualTo("bicycle");
    LabelMap map = LabelMap.read(set.images().get(0).labelMap().orElseThrow(), set.ignore());
    assertThat(map.values()).containsExactly(255, 0, 2, 18, 255, 255, 10, 1);
  }

  @Test
  void refuses_an_image_without_label_ids() throws Exception {
    Path labels = folder.resolve("gtFine/val/ulm/ulm_000001_gtFine_labelIds.png");
    Files.delete(labels);

    assertThatThrownBy(() -> DataSets.open(folder))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining(
            "ulm_000001_gtFine_labelIds.png: image 'val/ulm/ulm_000001_leftImg8bit.png' has no"
                + " label ids");
  }

  @Test
  void the_audit_counts_pixels_by_class() {
    assertThat(Audit.of(folder).splits())
        .allSatisfy(
            split ->
                assertThat(split.pixelsByLabel())
                    .containsEntry("road", 1L)
                    .containsEntry("truck", 0L)
                    .containsEntry("(ignored)", 3L));
  }
}
