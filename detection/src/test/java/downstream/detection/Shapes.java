package downstream.detection;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import downstream.eval.Json;
import downstream.eval.data.ImageRecord;
import downstream.eval.data.ImageSet;
import downstream.eval.data.annotation.Box;
import downstream.eval.data.annotation.Category;
import downstream.eval.data.image.Image;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/** Images of a few red squares and blue discs on grey, with their boxes. */
final class Shapes {
  static final List<Category> CATEGORIES =
      List.of(new Category(3, "square"), new Category(7, "disc"));

  private Shapes() {}

  /** Writes {@code count} images of {@code width} × {@code height} into the folder. */
  static ImageSet write(Path folder, int count, int width, int height, long seed) {
    Random random = new Random(seed);
    List<ImageRecord> images = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
      List<Box> boxes = draw(image, random, 100 * i);
      Path file = folder.resolve(seed + "-" + i + ".png");
      Image.of(image).writePng(file);
      images.add(
          new ImageRecord(
              i + 1,
              String.valueOf(file.getFileName()),
              file,
              width,
              height,
              boxes,
              Optional.empty()));
    }
    return new ImageSet(
        "shapes", CATEGORIES, List.of(), images, Set.of(), "f".repeat(64), List.of());
  }

  private static List<Box> draw(BufferedImage image, Random random, int firstId) {
    Graphics2D pen = image.createGraphics();
    pen.setColor(new Color(random.nextInt(60) + 90, random.nextInt(60) + 90, 120));
    pen.fillRect(0, 0, image.getWidth(), image.getHeight());
    List<Box> boxes = new ArrayList<>();
    for (int k = 0; k < 3; k++) {
      int side = image.getHeight() / 5 + random.nextInt(image.getHeight() / 4);
      int x = random.nextInt(image.getWidth() - side);
      int y = random.nextInt(image.getHeight() - side);
      boolean square = random.nextBoolean();
      boolean free =
          boxes.stream()
              .allMatch(
                  b ->
                      b.x() + b.width() < x
                          || x + side < b.x()
                          || b.y() + b.height() < y
                          || y + side < b.y());
      if (free) {
        pen.setColor(square ? Color.RED : Color.BLUE);
        if (square) {
          pen.fillRect(x, y, side, side);
        } else {
          pen.fillOval(x, y, side, side);
        }
        double area = (double) side * side;
        long category = square ? 3 : 7;
        boxes.add(
            new Box(
                firstId + k,
                category,
                x,
                y,
                side,
                side,
                area,
                false,
                false,
                Optional.of(outline(square ? 4 : 32, x, y, side))));
      }
    }
    pen.dispose();
    return boxes;
  }

  /** A polygon whose corners lie on a circle about the box, or on the box itself for 4. */
  private static JsonNode outline(int corners, double x, double y, double side) {
    double radius = corners == 4 ? side / Math.sqrt(2) : side / 2;
    ArrayNode points = Json.MAPPER.createArrayNode();
    for (int i = 0; i < corners; i++) {
      double angle = 2 * Math.PI * (i + 0.5) / corners;
      points.add(x + side / 2 + radius * Math.cos(angle));
      points.add(y + side / 2 + radius * Math.sin(angle));
    }
    return Json.MAPPER.createArrayNode().add(points);
  }
}
