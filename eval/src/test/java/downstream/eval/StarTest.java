package downstream.eval;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The harness is the middle of the star: what plugs into it is unknown to it. */
class StarTest {
  private final JavaClasses classes =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("downstream.eval");

  @BeforeEach
  void every_package_is_there() {
    for (String name : List.of("cli", "data", "encoder", "finetune", "run", "train")) {
      assertThat(classes.containPackage("downstream.eval." + name)).as(name).isTrue();
    }
  }

  @Test
  void depends_on_no_point_of_the_star() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "downstream.detection..",
            "downstream.segmentation..",
            "downstream.pretrain..",
            "downstream.leaderboard..")
        .check(classes);
  }

  @Test
  void packages_have_no_cycles() {
    slices().matching("downstream.eval.(*)..").should().beFreeOfCycles().check(classes);
  }
}
