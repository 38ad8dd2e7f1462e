package downstream.pretrain.mining.report;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import downstream.eval.BadInput;
import downstream.eval.Json;
import downstream.eval.cli.Table;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * {@code mining.json}: how many regions and pairs were found, and how good they are by labels that
 * mining never saw.
 *
 * @param pairs digest of the {@code pairs.jsonl} that was measured
 * @param proposals mean number per image, before the filter
 * @param regions mean number per image, kept
 * @param pairedRegions share of the kept regions that have a partner
 * @param groups regions by area and by hubness
 * @param agreement empty if the images have no boxes
 * @param recall empty if the images have no boxes
 */
@JsonNaming(SnakeCaseStrategy.class)
public record MiningStatistics(
    String pairs,
    int images,
    double proposals,
    double regions,
    double pairedRegions,
    List<Group> groups,
    List<Agreement> agreement,
    List<Recall> recall) {
  public MiningStatistics {
    groups = List.copyOf(groups);
    agreement = List.copyOf(agreement);
    recall = List.copyOf(recall);
  }

  /**
   * Regions of one kind.
   *
   * @param name which regions
   * @param regions how many there are
   * @param regionShare their share of all regions
   * @param pairShare their share of all sides of pairs
   * @param objects share of them that show an object; empty if the images have no boxes
   */
  @JsonNaming(SnakeCaseStrategy.class)
  record Group(
      String name, long regions, double regionShare, double pairShare, Optional<Double> objects) {}

  /**
   * The rate at which neighbours, or paired regions, agree in class.
   *
   * @param rate share of those counted that agree
   * @param chanceLevel the rate that random choice would give
   * @param count how many were counted
   */
  @JsonNaming(SnakeCaseStrategy.class)
  record Agreement(String name, double rate, double chanceLevel, long count) {}

  /**
   * Recall of ground-truth boxes: those with a region whose IoU is at least 0.5.
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
   * @throws BadInput if the file is missing or not what {@link #pretty} wrote
   */
  public static MiningStatistics read(Path file) {
    return Json.as(file, Json.read(file), MiningStatistics.class);
  }

  byte[] pretty() {
    return Json.pretty(this);
  }

  /** Table of what was found. */
  public Table found() {
    return new Table(
            List.of("images", "proposals per image", "regions per image", "regions with a partner"))
        .row(images, proposals, regions, pairedRegions);
  }

  /** Table of {@link #groups}. */
  public Table kinds() {
    Table table =
        new Table(List.of("regions", "count", "share of regions", "share of pairs", "objects"));
    groups.forEach(
        row ->
            table.row(
                row.name(), row.regions(), row.regionShare(), row.pairShare(), row.objects()));
    return table;
  }

  /** Table of {@link #agreement}. */
  public Table agreements() {
    Table table = new Table(List.of("agreement", "rate", "chance level", "count"));
    agreement.forEach(row -> table.row(row.name(), row.rate(), row.chanceLevel(), row.count()));
    return table;
  }

  /** Table of {@link #recall}. */
  public Table recalls() {
    Table table = new Table(List.of("boxes found", "boxes", "by proposals", "by kept regions"));
    recall.forEach(row -> table.row(row.size(), row.boxes(), row.proposals(), row.regions()));
    return table;
  }
}
