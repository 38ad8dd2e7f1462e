package downstream.leaderboard;

import downstream.eval.run.Result;
import downstream.leaderboard.ledger.StoredRunFinder;
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

/** Plots of runs, made small enough to be embedded in the page, until there is no more room. */
public final class PageImages {
  private static final int WIDTH = 560;

  private final Map<String, Path> files = new HashMap<>();
  private long remainingBytes;

  /**
   * @param room bytes that all plots together may take
   */
  public PageImages(long room) {
    this.remainingBytes = room;
  }

  /** A plot in the page. */
  record EmbeddedImage(String name, String data) {}

  void locate(StoredRunFinder.FoundRun run) {
    files.put(run.result().id(), run.file());
  }

  /** Returns the images of one run; none once the room is used up. */
  List<EmbeddedImage> of(Result run) {
    List<EmbeddedImage> images = new ArrayList<>();
    for (Result.Artifact artifact : run.artifacts()) {
      Path file = files.get(run.id());
      if (file != null && artifact.path().matches(".*/plots/[^/]+\\.png") && remainingBytes > 0) {
        Path png = file.resolveSibling(artifact.path());
        String name = String.valueOf(png.getFileName()).replace(".png", "").replace('-', ' ');
        read(png, name, images);
      }
    }
    return images;
  }

  private void read(Path png, String name, List<EmbeddedImage> images) {
    try {
      BufferedImage image = Files.exists(png) ? ImageIO.read(png.toFile()) : null;
      if (image != null) {
        byte[] bytes = thumbnail(image);
        remainingBytes -= bytes.length;
        String data = "data:image/jpeg;base64," + Base64.getEncoder().encodeToString(bytes);
        images.add(new EmbeddedImage(name, data));
      }
    } catch (IOException e) {
      // A plot that cannot be read must not stop the page; `leaderboard verify` names the file.
      images.add(new EmbeddedImage(name + " (cannot be read)", ""));
    }
  }

  private static byte[] thumbnail(BufferedImage image) throws IOException {
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
