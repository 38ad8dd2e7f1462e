package downstream.leaderboard;

import downstream.eval.run.Result;
import downstream.leaderboard.ledger.RunScan;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.imageio.ImageIO;

/** Pictures of runs, made small enough to stand inside the page, until there is no more room. */
public final class PageImages {
  private static final int WIDTH = 560;

  private final Map<String, Path> files = new HashMap<>();
  private long room;

  /**
   * @param room bytes that all pictures together may take
   */
  public PageImages(long room) {
    this.room = room;
  }

  /** A picture in the page. */
  record Picture(String name, String data) {}

  void locate(RunScan.Found run) {
    files.put(run.result().id(), run.file());
  }

  /** Those of one run; none once the room is used up. */
  List<Picture> of(Result run) {
    List<Picture> images = new ArrayList<>();
    for (Result.Artifact artifact : run.artifacts()) {
      Path file = files.get(run.id());
      if (file != null && artifact.path().matches(".*/plots/[^/]+\\.png") && room > 0) {
        Path png = file.resolveSibling(artifact.path());
        String name = String.valueOf(png.getFileName()).replace(".png", "").replace('-', ' ');
        read(png, name, images);
      }
    }
    return images;
  }

  private void read(Path png, String name, List<Picture> images) {
    try {
      BufferedImage image = Files.exists(png) ? ImageIO.read(png.toFile()) : null;
      if (image != null) {
        byte[] bytes = small(image);
        room -= bytes.length;
        String data = "data:image/jpeg;base64," + Base64.getEncoder().encodeToString(bytes);
        images.add(new Picture(name, data));
      }
    } catch (IOException e) {
      // A picture that cannot be read is no reason to have no page; verify names the file.
      images.add(new Picture(name + " (cannot be read)", ""));
    }
  }

  private static byte[] small(BufferedImage image) throws IOException {
    int width = Math.min(WIDTH, image.getWidth());
    int height = Math.max(1, image.getHeight() * width / image.getWidth());
    BufferedImage small = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = small.createGraphics();
    graphics.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
    graphics.drawImage(image, 0, 0, width, height, null);
    graphics.dispose();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageIO.write(Objects.requireNonNull(small), "jpg", out);
    return out.toByteArray();
  }
}
