package downstream.pretrain.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PatchesTest {
  @Test
  void standardises_with_the_unbiased_variance() {
    float[] target = Patches.standardised(new float[] {1, 2, 3, 4}, 4);
    float[] expected = {-1.161895f, -.387298f, .387298f, 1.161895f};
    assertThat(target).containsExactly(expected, within(1e-6f));
  }

  @Test
  void flat_patch_has_a_target_of_zero() {
    assertThat(Patches.standardised(new float[] {.5f, .5f, .5f, .5f}, 4)).containsOnly(0f);
  }

  @Test
  void orders_a_patch_by_row_column_channel() {
    // 4 x 4 image, 2 x 2 patches; the value tells channel, row and column
    float[] planes = new float[48];
    for (int i = 0; i < 48; i++) {
      planes[i] = i / 16 * 100 + i / 4 % 4 * 10 + i % 4;
    }
    float[] patches = Patches.patchify(planes, 4, 2);
    // patch 1: rows 0-1, columns 2-3
    assertThat(java.util.Arrays.copyOfRange(patches, 12, 24))
        .containsExactly(2, 102, 202, 3, 103, 203, 12, 112, 212, 13, 113, 213);
    assertThat(Patches.unpatchify(patches, 4, 2)).containsExactly(planes);
  }

  @Test
  void undoes_standardising_with_the_true_mean_and_deviation() {
    Random random = new Random(5);
    float[] patches = new float[96];
    for (int i = 0; i < patches.length; i++) {
      patches[i] = random.nextFloat() * 4 - 2;
    }
    float[] back = Patches.unstandardised(Patches.standardised(patches, 12), patches, 12);
    assertThat(back).containsExactly(patches, within(1e-5f));
  }

  @Test
  void arrays_are_cut_and_standardised_as_host_memory_is() {
    Random random = new Random(3);
    float[] planes = new float[3 * 8 * 8];
    for (int i = 0; i < planes.length; i++) {
      planes[i] = (float) random.nextGaussian();
    }
    float[] expected = Patches.patchify(planes, 8, 4);
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray patches = Patches.patchify(Batches.images(List.of(planes), 8, manager), 4);
      assertThat(patches.toFloatArray()).isEqualTo(expected);
      assertThat(patches.getShape()).isEqualTo(new Shape(1, 4, 48));
      assertThat(Patches.standardised(patches).toFloatArray())
          .usingComparatorWithPrecision(1e-5f)
          .containsExactly(Patches.standardised(expected, 48));
    }
  }

  @Test
  void masks_are_cut_as_images_of_three_equal_channels() {
    float[] hidden = new float[16];
    hidden[1] = 1;
    hidden[14] = 1;
    MaskedImage image = new MaskedImage(new float[3 * 16], hidden);
    try (NDManager manager = NDManager.newBaseManager()) {
      assertThat(MaskedBatch.of(List.of(image), 4, manager).patchMask(2).toFloatArray())
          .isEqualTo(image.patchMask(4, 2));
    }
  }
}
