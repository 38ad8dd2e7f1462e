package downstream.pretrain.method;

import downstream.eval.data.image.Image;
import downstream.eval.train.Examples;
import downstream.pretrain.masks.PixelMask;
import downstream.pretrain.masks.RandomMask;
import downstream.pretrain.mining.pairs.MiningResult;
import downstream.pretrain.mining.pairs.Pair;
import downstream.pretrain.model.MaskedImage;
import downstream.pretrain.model.MaskedImage.Planes;
import downstream.pretrain.settings.EncoderSettings;
import downstream.pretrain.views.CropView;
import downstream.pretrain.views.CroppedView;
import downstream.pretrain.views.IocaRoiView;
import downstream.pretrain.views.OrlView;
import downstream.pretrain.views.Photos;
import downstream.pretrain.views.Region;
import downstream.pretrain.views.RoiView;
import downstream.pretrain.views.ViewBox;
import downstream.pretrain.views.WholeView;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * What IOCA's second stage draws from an image: a view of it with the mask for its reconstruction;
 * a region drawn from all that were kept; and a pair, drawn by lot from those of a neighbour that
 * is drawn by lot.
 */
record IocaExamples(Photos photos, MiningResult mined, IocaSettings settings)
    implements Examples<IocaExample> {
  @Override
  public int size() {
    return photos.size();
  }

  @Override
  public IocaExample load(int index, RandomGenerator random) {
    Image image = photos.get(index);
    List<Region> rois = mined.rois(index);
    CroppedView view =
        CropView.mae(settings.encoder().imageSize(), settings.minCropArea()).place(image, random);
    RandomMask mask = imageMask(view, rois, random);
    Region region = rois.get(random.nextInt(rois.size()));
    MaskedImage masked = side(image, region, true, random).image();
    int neighbour = random.nextInt(mined.neighbours(index).size());
    List<Pair> pairs = mined.pairs(index, neighbour);
    Pair pair = pairs.get(random.nextInt(pairs.size()));
    int other = mined.neighbours(index).get(neighbour).image();
    return new IocaExample(
        new Planes(view.planes()),
        mask,
        masked,
        side(image, rois.get(pair.own()), true, random),
        side(photos.get(other), mined.rois(other).get(pair.other()), false, random));
  }

  private RandomMask imageMask(CroppedView view, List<Region> rois, RandomGenerator random) {
    EncoderSettings encoder = settings.encoder();
    if (settings.imageMask() == IocaSettings.ImageMask.RANDOM) {
      return RandomMask.draw(encoder.tokens(), settings.maskRatio(), random);
    }
    List<ViewBox> boxes = rois.stream().map(view::map).flatMap(Optional::stream).toList();
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
    RoiView view =
        switch (settings.object().augmentation()) {
          case IOCA -> new IocaRoiView(size);
          case ORL -> masked ? OrlView.firstPatch(size) : OrlView.secondPatch(size);
        };
    float[] planes = view.draw(image, region, random);
    float[] hidden =
        masked
            ? PixelMask.draw(size, unit(), settings.object().maskRatios(), random).pixels()
            : new float[size * size];
    return new IocaExample.Side(new MaskedImage(planes, hidden), new Planes(evenShares()));
  }

  private IocaExample.Side inImage(
      Image image, Region region, boolean masked, RandomGenerator random) {
    int size = settings.encoder().imageSize();
    CroppedView view = new WholeView(size).place(image, random);
    ViewBox box = view.map(region).orElseThrow(); // all of the image is shown
    float[] hidden =
        masked
            ? PixelMask.within(size, unit(), settings.object().maskRatios(), List.of(box), random)
                .pixels()
            : new float[size * size];
    return new IocaExample.Side(
        new MaskedImage(view.planes(), hidden), new Planes(sharesWithin(box)));
  }

  private int unit() {
    return settings.object().maskUnitPixels(settings.encoder());
  }

  private float[] evenShares() {
    float[] shares = new float[settings.encoder().tokens()];
    Arrays.fill(shares, 1f / shares.length);
    return shares;
  }

  /** The tokens whose centres lie in a box, or the one nearest to its centre, by equal shares. */
  private float[] sharesWithin(ViewBox box) {
    int patch = settings.encoder().patchSize();
    int grid = settings.encoder().imageSize() / patch;
    float[] shares = new float[grid * grid];
    int inside = 0;
    for (int token = 0; token < shares.length; token++) {
      double x = (token % grid + .5) * patch;
      double y = (double) (token / grid * patch) + .5 * patch;
      if (box.contains(x, y)) {
        shares[token] = 1;
        inside++;
      }
    }
    if (inside == 0) {
      int column = Math.min(grid - 1, (int) ((box.left() + box.right()) / 2 / patch));
      int row = Math.min(grid - 1, (int) ((box.top() + box.bottom()) / 2 / patch));
      shares[row * grid + column] = 1;
      inside = 1;
    }
    for (int token = 0; token < shares.length; token++) {
      shares[token] /= inside;
    }
    return shares;
  }
}
