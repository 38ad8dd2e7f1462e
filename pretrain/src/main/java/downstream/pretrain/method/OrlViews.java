package downstream.pretrain.method;

import downstream.eval.data.image.Image;
import downstream.eval.train.Examples;
import downstream.pretrain.mining.pairs.MinedPairs;
import downstream.pretrain.mining.pairs.Pair;
import downstream.pretrain.views.IntraJitter;
import downstream.pretrain.views.OrlView;
import downstream.pretrain.views.Photos;
import downstream.pretrain.views.Region;
import downstream.pretrain.views.RegionView;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * The six views of ORL's stage 3 (Xie et al. 2021, section 3.3; {@code datasets/orl.py}): two of
 * the image; a random one of its regions, and a jittered copy of it; the two regions of a random
 * pair with a random neighbour.
 */
record OrlViews(Photos photos, MinedPairs mined, OrlSettings settings)
    implements Examples<List<float[]>> {
  @Override
  public int size() {
    return photos.size();
  }

  @Override
  public List<float[]> load(int index, RandomGenerator random) {
    Image image = photos.get(index);
    int size = settings.encoder().imageSize();
    RegionView first = OrlView.firstPatch(settings.regionViewSize());
    RegionView second = OrlView.secondPatch(settings.regionViewSize());
    List<Region> regions = mined.regions(index);
    Region region = regions.get(random.nextInt(regions.size()));
    Region copy = IntraJitter.draw(region, image.width(), image.height(), random);
    int neighbour = random.nextInt(mined.neighbours(index).size());
    List<Pair> pairs = mined.pairs(index, neighbour);
    Pair pair = pairs.get(random.nextInt(pairs.size()));
    int other = mined.neighbours(index).get(neighbour).image();
    return List.of(
        OrlView.first(size, settings.minCropArea()).draw(image, random),
        OrlView.second(size, settings.minCropArea()).draw(image, random),
        first.draw(image, region, random),
        second.draw(image, copy, random),
        first.draw(image, regions.get(pair.own()), random),
        second.draw(photos.get(other), mined.regions(other).get(pair.other()), random));
  }
}
