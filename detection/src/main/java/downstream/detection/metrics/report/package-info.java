/** Detection scores, score reports and plots. */
@NullMarked
package downstream.detection.metrics.report;

import org.jspecify.annotations.NullMarked;
