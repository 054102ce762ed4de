package io.ugatit.cluster.feeding;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WorkOrderTest {
    @Test
    void aWorkOrderTravelsAsText() {
        WorkOrder order = new WorkOrder(99_999_999, 4095);
        assertThat(order.path()).isEqualTo("99999999/4095");
        assertThat(WorkOrder.parse(order.path())).isEqualTo(order);
        assertThat(WorkOrder.source(order.path()).getPath()).isEqualTo(order.path());
    }
}
