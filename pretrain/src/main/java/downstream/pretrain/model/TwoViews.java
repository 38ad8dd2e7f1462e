package downstream.pretrain.model;

import downstream.eval.data.image.ContactSheet;
import downstream.eval.data.image.Image;
import downstream.eval.train.Examples;
import downstream.pretrain.views.ImageNet;
import downstream.pretrain.views.Photos;
import downstream.pretrain.views.View;
import java.util.List;
import java.util.random.RandomGenerator;

/** Two random views of each image: {first, second}, each [3, S, S]. */
public record TwoViews(Photos photos, View first, View second) implements Examples<List<float[]>> {
  private static final int TILE = 128;

  @Override
  public int size() {
    return photos.size();
  }

  @Override
  public List<float[]> load(int index, RandomGenerator random) {
    Image photo = photos.get(index);
    return List.of(first.draw(photo, random), second.draw(photo, random));
  }

  /** Pairs of views side by side: what a method is asked to call alike. */
  public static ContactSheet sheet(List<List<float[]>> examples, List<String> captions) {
    ContactSheet sheet =
        new ContactSheet(captions.size() <= 2 ? 3 * captions.size() : captions.size(), TILE);
    for (List<float[]> views : examples) {
      for (int i = 0; i < captions.size(); i++) {
        int size = (int) Math.round(Math.sqrt(views.get(i).length / 3.0));
        sheet.add(image(views.get(i), size), captions.get(i));
      }
    }
    return sheet;
  }

  static Image image(float[] planes, int size) {
    return Image.ofPlanes(planes, size, size, ImageNet.MEAN, ImageNet.STD);
  }
}
