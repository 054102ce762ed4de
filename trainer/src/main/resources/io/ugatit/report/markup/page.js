(function () {
  'use strict';
  document.querySelectorAll('.direction').forEach(function (direction) {
    var wipe = direction.querySelector('.wipe');
    var pane = wipe.querySelector('.pane');
    var slider = wipe.querySelector('input');
    var name = wipe.querySelector('.shown');
    var rows = Array.from(direction.querySelectorAll('.sheet tbody'));
    var shown = 0;
    function show(row) {
      var images;
      shown = (row + rows.length) % rows.length;
      images = rows[shown].querySelectorAll('img');
      pane.replaceChildren(images[0].cloneNode(false), images[2].cloneNode(false));
      name.textContent = rows[shown].querySelector('th').textContent;
    }
    function move() {
      wipe.style.setProperty('--cut', slider.value + '%');
    }
    rows.forEach(function (row, number) {
      row.addEventListener('click', function () { show(number); });
    });
    wipe.querySelector('.before').addEventListener('click', function () { show(shown - 1); });
    wipe.querySelector('.next').addEventListener('click', function () { show(shown + 1); });
    slider.addEventListener('input', move);
    show(0);
    move();
    wipe.hidden = false;
  });
}());
