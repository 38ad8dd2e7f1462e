package downstream.pretrain.method.contrast;

import downstream.eval.train.Examples;
import downstream.pretrain.views.CroppedView;
import downstream.pretrain.views.Photos;
import downstream.pretrain.views.Region;
import downstream.pretrain.views.SlotConView;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Examples of {@link SlotCon}: two views [3, S, S] of an image, and for each a matrix [L, L] that
 * brings its L cells to the part of the image that both show.
 *
 * @param grid cells along each side
 */
record SlotConViews(Photos photos, SlotConView view, int grid) implements Examples<List<float[]>> {
  @Override
  public int size() {
    return photos.size();
  }

  @Override
  public List<float[]> load(int index, RandomGenerator random) {
    List<CroppedView> views = view.draw(photos.get(index), random);
    Region shared = views.get(0).crop().intersection(views.get(1).crop()).orElseThrow();
    return List.of(
        views.get(0).planes(),
        views.get(1).planes(),
        OverlapAlignment.matrix(views.get(0), shared, grid),
        OverlapAlignment.matrix(views.get(1), shared, grid));
  }
}
