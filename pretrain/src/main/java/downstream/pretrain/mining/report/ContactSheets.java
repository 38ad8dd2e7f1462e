package downstream.pretrain.mining.report;

import downstream.eval.data.ImageSet;
import downstream.eval.data.image.ContactSheet;
import downstream.eval.data.image.Image;
import downstream.pretrain.mining.pairs.MinedPairs;
import downstream.pretrain.mining.pairs.Neighbour;
import downstream.pretrain.mining.pairs.Pair;
import downstream.pretrain.mining.regions.EncoderInputCrop;
import downstream.pretrain.views.Region;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Contact sheets of what was mined, for a few images spread evenly over the set. */
final class ContactSheets {
  private static final int QUERIES = 6;
  private static final int NEIGHBOURS = 6;
  private static final int BEST = 4;
  private static final int WORST = 3;
  private static final int OUTLINES = 20;
  private static final int TILE = 200;
  private static final int HALF = 98;

  private final MinedPairs mined;
  private final ImageSet images;

  ContactSheets(MinedPairs mined, ImageSet images) {
    this.mined = mined;
    this.images = images;
  }

  /** A row a query: the query with its first regions, then its nearest images. */
  void drawNeighbours(Path file) {
    int columns = 1 + Math.min(NEIGHBOURS, mined.neighbours(0).size());
    ContactSheet sheet = new ContactSheet(columns, TILE);
    for (int query : queries()) {
      List<Region> regions = mined.regions(query);
      List<Region> first = regions.subList(0, Math.min(OUTLINES, regions.size()));
      sheet.add(square(boxed(read(query), first)), regions.size() + " regions, " + name(query));
      for (Neighbour neighbour : mined.neighbours(query).subList(0, columns - 1)) {
        String caption = text(neighbour.similarity()) + " " + name(neighbour.image());
        sheet.add(square(read(neighbour.image())), caption);
      }
    }
    sheet.writePng(file);
  }

  /** A pair and the neighbour it is with. */
  private record Found(int image, Pair pair) {}

  /**
   * A row a query: the query with the regions of its pairs, then its best and its worst pairs.
   * Crops above, their positions below.
   */
  void drawPairs(Path file) {
    ContactSheet sheet = new ContactSheet(1 + BEST + WORST, TILE);
    for (int query : queries()) {
      List<Found> pairs = pairs(query);
      List<Region> own =
          pairs.stream()
              .map(f -> f.pair().own())
              .distinct()
              .map(mined.regions(query)::get)
              .toList();
      Image image = read(query);
      String paired = own.size() + " of " + mined.regions(query).size() + " regions paired";
      sheet.add(square(boxed(image, own)), paired);
      for (int i = 0; i < BEST; i++) {
        add(sheet, query, image, pairs, i, "best");
      }
      for (int i = WORST; i > 0; i--) {
        add(sheet, query, image, pairs, pairs.size() - i, "worst");
      }
    }
    sheet.writePng(file);
  }

  private void add(
      ContactSheet sheet, int query, Image image, List<Found> pairs, int index, String what) {
    if (index < 0 || index >= pairs.size()) {
      sheet.add(Image.filled(TILE, TILE, 0xFFFFFF), "");
      return;
    }
    Found found = pairs.get(index);
    Region own = mined.regions(query).get(found.pair().own());
    Region other = mined.regions(found.image()).get(found.pair().other());
    String caption = what + " " + text(found.pair().similarity()) + " " + name(found.image());
    sheet.add(tile(image, own, read(found.image()), other), caption);
  }

  /** All pairs of a query, best first. */
  private List<Found> pairs(int query) {
    List<Found> pairs = new ArrayList<>();
    List<Neighbour> neighbours = mined.neighbours(query);
    for (int k = 0; k < neighbours.size(); k++) {
      int image = neighbours.get(k).image();
      mined.pairs(query, k).forEach(pair -> pairs.add(new Found(image, pair)));
    }
    pairs.sort(Comparator.comparing(found -> -found.pair().similarity()));
    return pairs;
  }

  private List<Integer> queries() {
    int count = Math.min(QUERIES, mined.size());
    List<Integer> queries = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      queries.add((int) ((i + .5) * mined.size() / count));
    }
    return queries;
  }

  private Image read(int image) {
    return Image.read(images.images().get(image).file());
  }

  private String name(int image) {
    String name = images.images().get(image).name();
    return name.substring(name.lastIndexOf('/') + 1);
  }

  private static String text(float similarity) {
    return Float.isNaN(similarity) ? "random" : String.format(Locale.ROOT, "%.3f", similarity);
  }

  /** The two regions as the encoder sees them, and below where each is. */
  private static Image tile(Image image, Region own, Image neighbour, Region other) {
    BufferedImage tile = new BufferedImage(TILE, TILE, BufferedImage.TYPE_INT_RGB);
    Graphics2D pen = tile.createGraphics();
    pen.setColor(Color.WHITE);
    pen.fillRect(0, 0, TILE, TILE);
    int second = TILE - HALF;
    pen.drawImage(EncoderInputCrop.region(image, own, HALF).toBuffered(), 0, 0, null);
    pen.drawImage(EncoderInputCrop.region(neighbour, other, HALF).toBuffered(), second, 0, null);
    pen.drawImage(located(image, own).toBuffered(), 0, second, null);
    pen.drawImage(located(neighbour, other).toBuffered(), second, second, null);
    pen.dispose();
    return Image.of(tile);
  }

  private static Image located(Image image, Region region) {
    return square(boxed(image, List.of(region)), HALF);
  }

  private static Image square(Image image) {
    return square(image, TILE);
  }

  /** Scaled into a square on white, proportions kept. */
  private static Image square(Image image, int side) {
    double scale = (double) side / Math.max(image.width(), image.height());
    int width = Math.max(1, (int) Math.round(image.width() * scale));
    int height = Math.max(1, (int) Math.round(image.height() * scale));
    return image
        .resize(width, height)
        .crop((width - side) / 2, (height - side) / 2, side, side, 0xFFFFFF);
  }

  /** The image at the tile's scale with outlines of regions, first ones on top. */
  private static Image boxed(Image image, List<Region> regions) {
    double scale = (double) TILE / Math.max(image.width(), image.height());
    BufferedImage canvas =
        image
            .resize(
                Math.max(1, (int) Math.round(image.width() * scale)),
                Math.max(1, (int) Math.round(image.height() * scale)))
            .toBuffered();
    Graphics2D pen = canvas.createGraphics();
    pen.setStroke(new BasicStroke(1.5f));
    for (int i = regions.size() - 1; i >= 0; i--) {
      Region region = regions.get(i);
      pen.setColor(Color.getHSBColor(i * .381966f, 1, 1));
      pen.drawRect(
          (int) (region.x() * scale),
          (int) (region.y() * scale),
          (int) (region.width() * scale) - 1,
          (int) (region.height() * scale) - 1);
    }
    pen.dispose();
    return Image.of(canvas);
  }
}
