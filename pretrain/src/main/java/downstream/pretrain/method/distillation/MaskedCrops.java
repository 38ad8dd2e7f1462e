package downstream.pretrain.method.distillation;

import downstream.eval.train.Examples;
import downstream.pretrain.settings.CropSettings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Examples of {@link Ibot}: the crops of an image, and after them a mask of each large one, [grid ·
 * grid].
 */
record MaskedCrops(Examples<List<float[]>> crops, MaskSettings masks, int grid)
    implements Examples<List<float[]>> {
  @Override
  public int size() {
    return crops.size();
  }

  @Override
  public List<float[]> load(int index, RandomGenerator random) throws IOException {
    List<float[]> example = new ArrayList<>(crops.load(index, random));
    for (int i = 0; i < CropSettings.LARGE; i++) {
      example.add(masks.draw(grid, random));
    }
    return example;
  }
}
