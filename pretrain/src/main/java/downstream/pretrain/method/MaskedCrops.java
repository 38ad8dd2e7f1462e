package downstream.pretrain.method;

import downstream.eval.train.Examples;
import downstream.pretrain.model.MaskedImage;
import downstream.pretrain.views.Photos;
import downstream.pretrain.views.View;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * A view of each photo, with a mask of its pixels.
 *
 * @param mask draws [size · size] in raster order, 1 where the pixel is hidden
 */
record MaskedCrops(Photos photos, View view, Function<RandomGenerator, float[]> mask)
    implements Examples<MaskedImage> {
  @Override
  public int size() {
    return photos.size();
  }

  @Override
  public MaskedImage load(int index, RandomGenerator random) {
    float[] planes = view.draw(photos.get(index), random);
    return new MaskedImage(planes, mask.apply(random));
  }
}
