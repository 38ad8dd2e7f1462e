package downstream.pretrain.views;

import downstream.eval.data.image.Image;
import downstream.eval.train.Examples;
import java.util.List;
import java.util.random.RandomGenerator;

/** Two random views of each image, [3, S, S] each. */
public record TwoViews(Photos photos, View first, View second) implements Examples<List<float[]>> {
  @Override
  public int size() {
    return photos.size();
  }

  @Override
  public List<float[]> load(int index, RandomGenerator random) {
    Image photo = photos.get(index);
    return List.of(first.draw(photo, random), second.draw(photo, random));
  }
}
