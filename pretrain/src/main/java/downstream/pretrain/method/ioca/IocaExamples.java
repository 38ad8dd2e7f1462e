package downstream.pretrain.method.ioca;

import downstream.eval.data.image.Image;
import downstream.eval.train.Examples;
import downstream.pretrain.masks.KeptPixels;
import downstream.pretrain.masks.PixelMask;
import downstream.pretrain.masks.RandomMask;
import downstream.pretrain.method.Mae;
import downstream.pretrain.mining.pairs.MinedPairs;
import downstream.pretrain.mining.pairs.Pair;
import downstream.pretrain.model.MaskedImage;
import downstream.pretrain.model.MaskedImage.Planes;
import downstream.pretrain.settings.EncoderSettings;
import downstream.pretrain.views.CropView;
import downstream.pretrain.views.CroppedView;
import downstream.pretrain.views.IocaRegionView;
import downstream.pretrain.views.OrlView;
import downstream.pretrain.views.Photos;
import downstream.pretrain.views.Region;
import downstream.pretrain.views.RegionView;
import downstream.pretrain.views.ViewBox;
import downstream.pretrain.views.WholeView;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * The views of IOCA's second stage, per image: a view of it with the mask for its reconstruction; a
 * random one of its regions; and a partner of that region, or a random pair with a random
 * neighbour.
 */
record IocaExamples(Photos photos, MinedPairs mined, IocaSettings settings)
    implements Examples<IocaExample> {
  @Override
  public int size() {
    return photos.size();
  }

  @Override
  public IocaExample load(int index, RandomGenerator random) {
    Image image = photos.get(index);
    List<Region> regions = mined.regions(index);
    CroppedView view =
        CropView.mae(settings.encoder().imageSize(), settings.minCropArea())
            .drawCropped(image, random);
    int drawn = random.nextInt(regions.size());
    Mae.Example whole =
        new Mae.Example(
            new Planes(view.planes()), imageMask(view, regions, regions.get(drawn), random));
    IocaExample.Side region = side(image, regions.get(drawn), true, random);
    if (!settings.object().oneDraw()) {
      Partner partner = anyPair(index, random);
      IocaExample.Side query = side(image, regions.get(partner.own()), true, random);
      return new IocaExample(whole, region, query, side(partner, random), true);
    }
    return partnerOf(index, drawn, random)
        .map(partner -> new IocaExample(whole, region, region, side(partner, random), true))
        .orElse(new IocaExample(whole, region, region, region, false));
  }

  /**
   * A random partner of a region.
   *
   * @param own number of the region within its image
   * @param image of the partner
   * @param region number of the partner within that image
   */
  private record Partner(int own, int image, int region) {}

  /** A random pair with a random neighbour. */
  private Partner anyPair(int index, RandomGenerator random) {
    int neighbour = random.nextInt(mined.neighbours(index).size());
    List<Pair> pairs = mined.pairs(index, neighbour);
    return partner(index, neighbour, pairs.get(random.nextInt(pairs.size())));
  }

  /** A random one of all pairs that a region belongs to; empty if it has none. */
  private Optional<Partner> partnerOf(int index, int own, RandomGenerator random) {
    List<Partner> partners = new ArrayList<>();
    for (int neighbour = 0; neighbour < mined.neighbours(index).size(); neighbour++) {
      for (Pair pair : mined.pairs(index, neighbour)) {
        if (pair.own() == own) {
          partners.add(partner(index, neighbour, pair));
        }
      }
    }
    return partners.isEmpty()
        ? Optional.empty()
        : Optional.of(partners.get(random.nextInt(partners.size())));
  }

  private Partner partner(int index, int neighbour, Pair pair) {
    return new Partner(pair.own(), mined.neighbours(index).get(neighbour).image(), pair.other());
  }

  private IocaExample.Side side(Partner partner, RandomGenerator random) {
    Region region = mined.regions(partner.image()).get(partner.region());
    return side(photos.get(partner.image()), region, false, random);
  }

  private RandomMask imageMask(
      CroppedView view, List<Region> regions, Region drawn, RandomGenerator random) {
    List<Region> guides =
        switch (settings.imageMaskGuide()) {
          case DRAWN -> List.of(drawn);
          case UNION -> regions;
          case NONE -> List.of();
        };
    EncoderSettings encoder = settings.encoder();
    List<ViewBox> boxes = guides.stream().map(view::map).flatMap(Optional::stream).toList();
    return RandomMask.guided(
        encoder.imageSize(), encoder.patchSize(), settings.maskRatio(), boxes, random);
  }

  private IocaExample.Side side(
      Image image, Region region, boolean masked, RandomGenerator random) {
    return settings.object().input() == ObjectSettings.Input.CROP
        ? crop(image, region, masked, random)
        : inImage(image, region, masked, random);
  }

  private IocaExample.Side crop(
      Image image, Region region, boolean masked, RandomGenerator random) {
    int size = settings.encoder().imageSize();
    RegionView view =
        switch (settings.object().augmentation()) {
          case IOCA -> new IocaRegionView(size);
          case ORL -> masked ? OrlView.firstPatch(size) : OrlView.secondPatch(size);
        };
    float[] planes = view.draw(image, region, random);
    float[] mask =
        masked
            ? PixelMask.draw(size, unit(), settings.object().maskRatios(), kept(), random).pixels()
            : new float[size * size];
    return new IocaExample.Side(new MaskedImage(planes, mask), new Planes(evenWeights()));
  }

  private IocaExample.Side inImage(
      Image image, Region region, boolean masked, RandomGenerator random) {
    int size = settings.encoder().imageSize();
    CroppedView view = new WholeView(size).drawCropped(image, random);
    ViewBox box = view.map(region).orElseThrow(); // all of the image is shown
    float[] mask =
        masked
            ? PixelMask.within(
                    size, unit(), settings.object().maskRatios(), kept(), List.of(box), random)
                .pixels()
            : new float[size * size];
    return new IocaExample.Side(
        new MaskedImage(view.planes(), mask), new Planes(weightsWithin(box)));
  }

  private int unit() {
    return settings.object().maskUnitPixels(settings.encoder());
  }

  private KeptPixels kept() {
    return settings.object().keptPixels(settings.encoder());
  }

  private float[] evenWeights() {
    float[] weights = new float[settings.encoder().tokens()];
    Arrays.fill(weights, 1f / weights.length);
    return weights;
  }

  /**
   * Equal weights of the tokens whose centres lie in a box, or of the one nearest to its centre.
   */
  private float[] weightsWithin(ViewBox box) {
    int patch = settings.encoder().patchSize();
    int grid = settings.encoder().imageSize() / patch;
    float[] weights = new float[grid * grid];
    int inside = 0;
    for (int token = 0; token < weights.length; token++) {
      double x = (token % grid + .5) * patch;
      double y = (double) (token / grid * patch) + .5 * patch;
      if (box.contains(x, y)) {
        weights[token] = 1;
        inside++;
      }
    }
    if (inside == 0) {
      int column = Math.min(grid - 1, (int) ((box.left() + box.right()) / 2 / patch));
      int row = Math.min(grid - 1, (int) ((box.top() + box.bottom()) / 2 / patch));
      weights[row * grid + column] = 1;
      inside = 1;
    }
    for (int token = 0; token < weights.length; token++) {
      weights[token] /= inside;
    }
    return weights;
  }
}
