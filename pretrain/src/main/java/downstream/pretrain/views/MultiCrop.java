package downstream.pretrain.views;

import downstream.eval.data.image.Image;
import downstream.eval.train.Examples;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Several views of each image (Caron et al. 2020), the large ones first: [3, S, S] each, S that of
 * the view.
 */
public record MultiCrop(Photos photos, List<View> views) implements Examples<List<float[]>> {
  public MultiCrop {
    views = List.copyOf(views);
  }

  /**
   * Large views and small ones.
   *
   * @param count number of small views
   */
  public static MultiCrop of(Photos photos, List<View> large, int count, View small) {
    List<View> views = new ArrayList<>(large);
    views.addAll(Collections.nCopies(count, small));
    return new MultiCrop(photos, views);
  }

  @Override
  public int size() {
    return photos.size();
  }

  @Override
  public List<float[]> load(int index, RandomGenerator random) {
    Image photo = photos.get(index);
    return views.stream().map(view -> view.draw(photo, random)).toList();
  }
}
