package downstream.pretrain.mining.report;

import downstream.eval.BadInput;
import downstream.eval.Json;
import downstream.eval.cli.Table;
import java.nio.file.Path;
import java.util.List;

/**
 * {@code mining.json}: how much was found, and how good it is by labels that mining never saw.
 *
 * @param pairs digest of the {@code pairs.jsonl} it is about
 * @param proposals per image, before the filter
 * @param regions per image, kept
 * @param agreement empty if the images have no boxes
 * @param recall empty if the images have no boxes
 */
public record MiningStatistics(
    String pairs,
    int images,
    double proposals,
    double regions,
    List<Agreement> agreement,
    List<Recall> recall) {
  public MiningStatistics {
    agreement = List.copyOf(agreement);
    recall = List.copyOf(recall);
  }

  /**
   * How often what was put together belongs together.
   *
   * @param share of those counted
   * @param chance the share that lot would reach
   * @param of how many were counted
   */
  record Agreement(String what, double share, double chance, long of) {}

  /**
   * How many annotated boxes have a region with an IoU of at least 0.5.
   *
   * @param size which boxes
   * @param boxes how many there are
   * @param proposals share that any proposal hits
   * @param regions share that a kept region hits
   */
  public record Recall(String size, long boxes, double proposals, double regions) {}

  /**
   * Reads {@code mining.json}.
   *
   * @throws BadInput if it is not there or not what {@link #pretty} wrote
   */
  public static MiningStatistics read(Path file) {
    return Json.as(file, Json.read(file), MiningStatistics.class);
  }

  byte[] pretty() {
    return Json.pretty(this);
  }

  /** For people: what was found. */
  public Table found() {
    return new Table(List.of("images", "proposals an image", "regions an image"))
        .row(images, proposals, regions);
  }

  /** For people: {@link #agreement}. */
  public Table agreements() {
    Table table = new Table(List.of("agreement", "share", "chance", "of"));
    agreement.forEach(row -> table.row(row.what(), row.share(), row.chance(), row.of()));
    return table;
  }

  /** For people: {@link #recall}. */
  public Table recalls() {
    Table table = new Table(List.of("boxes found", "boxes", "by proposals", "by kept regions"));
    recall.forEach(row -> table.row(row.size(), row.boxes(), row.proposals(), row.regions()));
    return table;
  }
}
