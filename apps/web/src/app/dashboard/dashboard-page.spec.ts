import { provideHttpClient } from '@angular/common/http';
import { provideHttpClientTesting } from '@angular/common/http/testing';
import { type ComponentFixture, TestBed } from '@angular/core/testing';
import { provideRouter } from '@angular/router';

import { FakeWebSocket } from '../core/testing/fake-web-socket';
import { DashboardPage } from './dashboard-page';
import { exampleDisk, exampleFrame, type FrameValues } from './testing/example-frame';

describe('DashboardPage', () => {
  let fixture: ComponentFixture<DashboardPage>;
  let restore: () => void;

  function metricsSocket(): FakeWebSocket {
    return FakeWebSocket.newest('/api/v1/monitoring/ws');
  }

  async function receive(values: FrameValues): Promise<void> {
    metricsSocket().acceptConnection();
    metricsSocket().sendMessage(exampleFrame(values));
    await fixture.whenStable();
  }

  function textOf(selector: string): string {
    const text = document.querySelector(selector)?.textContent ?? '';
    return text.replaceAll(/\s+/g, ' ').trim();
  }

  beforeEach(async () => {
    // jsdom has none; motion is looked at in the browser.
    Object.assign(window, { matchMedia: () => ({ matches: true }) });
    restore = FakeWebSocket.install();
    TestBed.configureTestingModule({
      providers: [provideHttpClient(), provideHttpClientTesting(), provideRouter([])],
    });
    fixture = TestBed.createComponent(DashboardPage);
    fixture.autoDetectChanges();
    await Promise.resolve();
  });

  afterEach(() => {
    TestBed.resetTestingModule();
    restore();
  });

  it('should keep the place of the cards while nothing has come yet', () => {
    expect(textOf('h1')).toBe('Dashboard');
    expect(document.querySelector('home-dashboard-skeleton')).not.toBeNull();
  });

  it('should say that all is well and show the values when the first frame comes', async () => {
    await receive({});

    expect(textOf('h1')).toBe('All is well');
    expect(textOf('.line')).toBe('macmini · up 12 d 4 h');
    expect(textOf('home-cpu-tile .number')).toBe('23%');
    expect(textOf('home-memory-tile .number')).toBe('9.4GB');
    expect(textOf('home-disks-card .used')).toBe('0.4 of 1.0 TB');
  });

  it('should show no temperature when the machine cannot tell it', async () => {
    await receive({ temperatureCelsius: null });
    expect(document.querySelector('home-temperature-tile')).toBeNull();

    await receive({ temperatureCelsius: 54, timestamp: '2026-08-14T12:00:02.000Z' });
    expect(textOf('home-temperature-tile .number')).toBe('54°C');
  });

  it('should say in words what is too high', async () => {
    await receive({ disks: [exampleDisk('/mnt/Media', 87)], memoryPercent: 97 });

    expect(textOf('h1')).toBe('2 things need attention');
    expect(textOf('header ul')).toContain('Disk Media is 87 % full');
    expect(textOf('home-disks-card home-level-badge')).toBe('87 % full');
    expect(textOf('home-memory-tile home-level-badge')).toBe('very high');
  });

  it('should keep the values, dimmed and with their age, when the connection is lost', async () => {
    await receive({});
    metricsSocket().loseConnection();
    await fixture.whenStable();

    expect(textOf('h1')).toBe('Connection lost');
    expect(textOf('.line')).toContain('a moment ago');
    expect(textOf('home-cpu-tile .number')).toBe('23%');
    expect(document.querySelector('.cards.is-dimmed')).not.toBeNull();
  });

  it('should say for how long the connection is lost when that is hours', async () => {
    jest.useFakeTimers({ doNotFake: ['queueMicrotask', 'requestAnimationFrame', 'setTimeout'] });
    await receive({});
    metricsSocket().loseConnection();
    jest.setSystemTime(Date.now() + 8 * 3_600_000);
    document.dispatchEvent(new Event('visibilitychange'));
    await fixture.whenStable();
    jest.useRealTimers();

    expect(textOf('.line')).toContain(', 8 h 0 min ago.');
  });

  it('should say that HomeServer does not answer when nothing ever came', async () => {
    metricsSocket().loseConnection();
    await fixture.whenStable();

    expect(textOf('home-error-state h2')).toBe('HomeServer does not answer');
  });

  it('should offer the upload of the first file only where there is a way to upload', async () => {
    await receive({
      storage: { fileCount: 0, totalBytes: 0, drives: [] },
    });

    expect(textOf('home-files-card .empty p')).toContain('No files yet');
    expect(document.querySelector('home-files-card button')).toBeNull();
  });
});
