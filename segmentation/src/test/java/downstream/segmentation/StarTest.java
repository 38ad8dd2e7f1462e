package downstream.segmentation;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** This module is a point of the star: of the project it knows the harness alone. */
class StarTest {
  private final JavaClasses classes =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("downstream.segmentation");

  @Test
  void depends_on_no_other_point_of_the_star() {
    assertThat(classes).as("classes looked at").hasSizeGreaterThan(5);
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "downstream.detection..", "downstream.pretrain..", "downstream.leaderboard..")
        .check(classes);
  }
}
