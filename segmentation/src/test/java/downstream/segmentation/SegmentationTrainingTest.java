package downstream.segmentation;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import downstream.eval.BadInput;
import downstream.eval.data.ImageSet;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SegmentationTrainingTest {
  private static final String NEEDS =
      ", but upernet's batch norm needs at least 2 images in a batch. Set data.batch to 2 or more";

  @TempDir Path folder;

  @Test
  void batch_norm_of_one_image_is_refused() {
    assertThatThrownBy(() -> training("head: {type: upernet}, data: {batch: 1}", 2))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("data.batch: is 1" + NEEDS);
    assertThatThrownBy(() -> training("head: {type: upernet}", 1))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("blocks: has 1 image" + NEEDS);
  }

  @Test
  void a_set_without_images_is_refused() {
    ImageSet none = Blocks.set(List.of());
    SegmentationProtocol protocol = protocol("schedule: {steps: 1}");
    assertThatThrownBy(() -> new SegmentationTraining(protocol, none))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("blocks: has no images: its split in the data YAML names no folder");
  }

  private SegmentationTraining training(String changes, int images) {
    return new SegmentationTraining(protocol(changes), Blocks.write(folder, images, 1));
  }

  private static SegmentationProtocol protocol(String changes) {
    return Blocks.protocol(changes).as(SegmentationProtocol.class);
  }
}
